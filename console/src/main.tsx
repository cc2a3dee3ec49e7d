/* Where the console begins. */
import { render } from "preact";

import { followChanges } from "./core/changes";
import { keepDraftsOfSession } from "./core/drafts";
import { listen } from "./core/router";
import { recallSession } from "./core/session";
import { Shell } from "./shell/Shell";

keepDraftsOfSession();
listen();
followChanges();
recallSession().catch(() => undefined);

const app = document.getElementById("app");
if (app) render(<Shell />, app);

if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js").catch(() => undefined);

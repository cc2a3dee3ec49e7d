/* Where the console begins. */
import { render } from "preact";

import { followChanges } from "./core/changes";
import { keepDraftsOfSession } from "./core/drafts";
import { watchIdleness } from "./core/idle";
import { watchQueue } from "./core/queue";
import { listen } from "./core/router";
import { recallSession } from "./core/session";
import { Shell } from "./shell/Shell";

keepDraftsOfSession();
listen();
followChanges();
watchIdleness();
watchQueue();
recallSession().catch(() => undefined);

const app = document.getElementById("app");
if (app) render(<Shell />, app);

if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js").catch(() => undefined);

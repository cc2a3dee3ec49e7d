/* Opening a ledger that waits for its passphrase. */
#include <stdio.h>

#include "agents/cli/out.h"
#include "jembatan/keys.h"
#include "proto/cores.h"
#include "proto/prompt.h"

static err_t is_locked (struct cli *cli, bool *ret_locked)
{
	json_t *status;
	err_t err = client_ask (cli, "GET", "/v1/status", NULL, &status);

	if (err == ERR_OK) {
		*ret_locked = json_get_flag (status, "locked", false);
		json_decref (status);
	}
	return err;
}

static err_t type_it (const struct cli *cli, json_t **ret_body)
{
	char *passphrase;

	if (prompt_secret (stdin, "Frasa sandi buku besar", "Passphrase of the ledger", &passphrase,
			   NULL) != ERR_OK) {
		out_complain (cli, "frasa sandi tidak diketik; tulis dalam satu baris",
			      "no passphrase was typed; write it in one line");
		return ERR_MALFORMED;
	}
	*ret_body = json_pack ("{s:s}", "passphrase", passphrase);
	prompt_forget (&passphrase);
	if (*ret_body == NULL) {
		out_complain (cli, "frasa sandi itu bukan UTF-8", "that passphrase is no UTF-8");
		return ERR_MALFORMED;
	}
	return ERR_OK;
}

err_t run_unlock (struct cli *cli)
{
	bool locked = false;
	json_t *body, *answer = NULL;
	err_t err = keys_start ();          /* guarded memory for what is typed */

	cores_forbid ();
	if (err == ERR_OK)
		err = args_finish (cli, 0);
	if (err == ERR_OK)
		err = is_locked (cli, &locked);
	if (err == ERR_OK && locked)
		err = type_it (cli, &body);
	if (err == ERR_OK && locked)
		err = client_ask (cli, "POST", "/v1/unlock", body, &answer);
	if (err != ERR_OK)
		return err;
	if (!locked)
		answer = json_pack ("{s:b}", "locked", 0);
	if (!client_printed (cli, answer))
		out_say (cli, locked ? "Buku besar terbuka; agen bekerja." : "Buku besar tidak terkunci.",
			 locked ? "The ledger is open; the agent works." : "The ledger is not locked.");
	json_decref (answer);
	return ERR_OK;
}

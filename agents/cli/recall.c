/* Taking a letter back that its recipient does not have yet. */
#include "agents/cli/cli.h"
#include "agents/cli/form.h"
#include "agents/cli/out.h"

#include <stdio.h>

/* A letter goes once: taking it back wants to be meant. */
static err_t confirm (struct cli *cli, const char *number)
{
	char id[160], en[160];

	if (args_has (cli, "yes"))
		return ERR_OK;
	if (!cli->asks) {
		out_complain (cli, "tambahkan --yes untuk menarik surat %s tanpa ditanya",
			      "add --yes to take the letter of %s back without being asked",
			      number);
		return ERR_USAGE;
	}
	snprintf (id, sizeof id, "Tarik kembali surat %.60s? (ya/tidak)", number);
	snprintf (en, sizeof en, "Take the letter of %.60s back? (yes/no)", number);
	if (form_ask_whether (cli, id, en))
		return ERR_OK;
	out_complain (cli, "surat %s tidak ditarik", "the letter of %s was not taken back", number);
	return ERR_USAGE;
}

static void print_outcome (const struct cli *cli, const json_t *answer)
{
	const char *number = out_get (answer, "number");

	if (json_get_flag (answer, "taken", false))
		out_sayf (cli, "Surat %s ditarik kembali sebelum dikirim.",
			  "The letter of %s was taken back before it left.", number);
	else
		out_sayf (cli, "Hub diminta mengembalikan surat %s; lihat jembatan timeline %s.",
			  "The hub is asked to give the letter of %s back; see jembatan timeline %s.",
			  number, number);
}

err_t run_recall (struct cli *cli)
{
	const char *letter = args_flag (cli, "letter"), *number;
	char path[160];
	json_t *answer;
	err_t err = args_word (cli, 0, "nomor rujukan", "the referral's number", &number);

	if (err == ERR_OK)
		err = args_number (cli, number);
	if (err == ERR_OK)
		err = confirm (cli, number);
	if (err == ERR_OK)
		err = args_finish (cli, 1);
	if (err != ERR_OK)
		return err;
	snprintf (path, sizeof path, "/v1/referrals/%.60s/recall", number);
	err = client_ask (cli, "POST", path,
			  letter != NULL ? json_pack ("{s:s}", "letter", letter) : json_object (),
			  &answer);
	if (err != ERR_OK)
		return err;
	if (!client_printed (cli, answer))
		print_outcome (cli, answer);
	json_decref (answer);
	return ERR_OK;
}

#include "agents/check.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/desk/desk.h"

#define KINDS_TEXT 256

/* ---- the agency ------------------------------------------------------------------------------- */

static void kinds_text (const struct code_spec *kinds, size_t count, char text[KINDS_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < count && len < KINDS_TEXT; i++)
		len += (size_t)snprintf (text + len, KINDS_TEXT - len, "%s%s", i > 0 ? ", " : "",
					 kinds[i].code);
}

static err_t check_kind (const config_t *config, const catalogue_t *catalogue,
			 problems_t *problems)
{
	const char *kind = config_text (config, "agency/kind");
	const struct code_spec *kinds;
	size_t count = catalogue_agency_kinds (catalogue, &kinds);
	char known[KINDS_TEXT];

	for (size_t i = 0; i < count; i++)
		if (strcmp (kinds[i].code, kind) == 0)
			return ERR_OK;
	kinds_text (kinds, count, known);
	return problems_add (problems, ERR_CONFIG, "agency/kind",
			     "%s bukan jenis instansi di katalog; pilih %s",
			     "%s is no kind of agency in the catalogue; choose %s", quoted (kind),
			     known);
}

static err_t check_region (const config_t *config, const catalogue_t *catalogue,
			   problems_t *problems)
{
	const char *region = config_text (config, "agency/region");

	if (region_is_kemendagri (region))
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "agency/region",
			     "%s bukan kode wilayah Kemendagri; tulis seperti 17.71 atau 17.71.04",
			     "%s is no Kemendagri region code; write it like 17.71 or 17.71.04",
			     quoted (region));
}

static err_t check_services (const config_t *config, const catalogue_t *catalogue,
			     problems_t *problems)
{
	const char *code, *value;
	err_t err = ERR_OK;

	for (size_t i = 0; config_list (config, "agency/services", i, &code, &value); i++)
		if (catalogue_service (catalogue, code) == NULL)
			err = problems_add (problems, ERR_CONFIG, "agency/services",
					    "%s bukan layanan di katalog; lihat words.json di folder "
					    "katalog",
					    "%s is no service of the catalogue; see words.json in its "
					    "folder",
					    quoted (code));
	return err;
}

/* ---- its people ------------------------------------------------------------------------------- */

static err_t check_role (const char *name, const char *role, problems_t *problems)
{
	if (role_exists (role))
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "users",
			     "%s (untuk %s) bukan peran; pakai caseworker, clinician, supervisor, "
			     "auditor atau admin",
			     "%s (of %s) is no role; use caseworker, clinician, supervisor, auditor "
			     "or admin",
			     quoted (role), quoted (name));
}

static err_t find_uid (const char *name, uint32_t *ret_uid, problems_t *problems)
{
	const struct passwd *passwd = getpwnam (name);
	char *end;
	unsigned long uid = strtoul (name, &end, 10);

	*ret_uid = passwd != NULL ? passwd->pw_uid : (uint32_t)uid;
	if (passwd != NULL || (*end == '\0' && end != name))
		return ERR_OK;
	return problems_add (problems, ERR_CONFIG, "users",
			     "%s bukan pengguna di mesin ini; buat dengan adduser atau hapus "
			     "barisnya",
			     "%s is no user of this machine; make it with adduser or remove the "
			     "line",
			     quoted (name));
}

err_t user_check (const char *name, const char *role, uint32_t *ret_uid, problems_t *problems)
{
	err_t role_err = check_role (name, role, problems);
	err_t name_err = find_uid (name, ret_uid, problems);

	return role_err == ERR_OK ? name_err : role_err;
}

static err_t check_users (const config_t *config, const catalogue_t *catalogue,
			  problems_t *problems)
{
	const char *name, *role;
	uint32_t uid;
	err_t err = ERR_OK;

	for (size_t i = 0; config_list (config, "users", i, &name, &role); i++) {
		err_t one;

		if (i >= USERS_MAX)
			return problems_add (problems, ERR_CONFIG, "users",
					     "lebih dari %u pengguna", "more than %u users",
					     USERS_MAX);
		one = user_check (name, role, &uid, problems);
		err = err == ERR_OK ? one : err;
	}
	return err;
}

/* ---- all at once ------------------------------------------------------------------------------ */

typedef err_t (check_fn) (const config_t *config, const catalogue_t *catalogue,
			  problems_t *problems);

static check_fn *const checks[] = { check_kind, check_region, check_services, check_users };

err_t settings_check (const config_t *config, const catalogue_t *catalogue, problems_t *problems)
{
	err_t err = ERR_OK;

	for (size_t i = 0; i < COUNT_OF (checks); i++) {
		err_t one = checks[i](config, catalogue, problems);

		err = err == ERR_OK ? one : err;
	}
	return err;
}

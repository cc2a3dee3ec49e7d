#include "agents/catalogue/inside.h"
err_t catalogue_check (const catalogue_t *catalogue, problems_t *problems)
{
	return ERR_OK;
}

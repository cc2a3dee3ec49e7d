/* What must be known before a letter may be written, and what its reader may never see. */
#include "agents/desk/inside.h"

err_t gates_judge (const struct step *step, const struct kind_spec *kind,
		   const struct thread *thread, const struct person *person,
		   problems_t *problems)
{
	return ERR_OK;
}

err_t discretion_judge (const struct step *step, const struct kind_spec *kind,
			const char *performer_kind, const struct answer *answers,
			size_t count, problems_t *problems)
{
	return ERR_OK;
}

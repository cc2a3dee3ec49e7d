/*
 * What an office needs to open the console: the guide to print, and the authority's certificate to carry to
 * its computers.  Both make the authority when there is none yet.
 */
#ifndef AGENTS_GUIDE_H
#define AGENTS_GUIDE_H

#include "jembatan/config.h"

/* Writes the guide into a new file (.html or .txt), or to standard output for "-".  ERR_CONFIG when no
 * console is opened with TLS; what page_write and authority_open give; with a problem. */
MUST_USE err_t guide_write (const config_t *config, const char *path, problems_t *problems);

/* Writes the certificate (DER, nothing secret) into a new file. */
MUST_USE err_t guide_certificate (const config_t *config, const char *path, problems_t *problems);

#endif

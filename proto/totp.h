/*
 * Time-based one-time passwords as authenticator programs make them: RFC 6238 with SHA-1, 30 seconds and
 * six digits, which all of them know.  Pure: the time comes in.
 */
#ifndef PROTO_TOTP_H
#define PROTO_TOTP_H

#include "jembatan/base.h"

#define TOTP_SECRET_BYTES 20u        /* RFC 4226 section 4, R6: 160 bits */
#define TOTP_STEP_MS 30000
#define TOTP_WINDOW 1                /* steps before and after, RFC 6238 section 5.2 */
#define TOTP_TEXT 7                  /* six digits and the end */
#define TOTP_SECRET_TEXT 33          /* in base 32 and the end */
#define TOTP_URI_TEXT 512

/* HMAC-SHA-1 (RFC 2104, RFC 3174). */
void hmac_sha1 (struct bytes key, struct bytes message, uint8_t ret_mac[20]);

/* HOTP (RFC 4226) of a counter, with 6 to 8 digits. */
void hotp_text (struct bytes secret, uint64_t counter, unsigned digits, char ret_code[9]);

/*
 * Whether the code is that of now or of a step beside it, and of a later step than `last`: each step is
 * taken once.  ret_step is the step that it is of.  ERR_NOT_SIGNED_IN.
 */
MUST_USE err_t totp_check (struct bytes secret, const char *code, int64_t now_ms, uint64_t last,
			   uint64_t *ret_step);

/* The secret in base 32 (RFC 4648), without '=': what is typed where no picture can be taken. */
char *totp_secret_text (struct bytes secret, char text[TOTP_SECRET_TEXT]);

/* "otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER"; issuer and account are percent-encoded. */
char *totp_uri (struct bytes secret, const char *issuer, const char *account,
		char uri[TOTP_URI_TEXT]);

#endif

/* The names of enums, in tables that a test walks both ways. */
#include "jembatan/frame.h"

#include <string.h>

static const char *const class_names[] = {
	[CLASS_STAT] = "stat",
	[CLASS_URGENT] = "urgent",
	[CLASS_ROUTINE] = "routine",
};

static const char *const basis_names[] = {
	[BASIS_NO_DATA] = "none",
	[BASIS_CONSENT_GIVEN] = "consent",
	[BASIS_CONTRACT] = "contract",
	[BASIS_LEGAL_DUTY] = "legal-duty",
	[BASIS_VITAL_INTEREST] = "vital-interest",
	[BASIS_PUBLIC_TASK] = "public-task",
	[BASIS_LEGITIMATE_INTEREST] = "legitimate-interest",
};

static const char *const urgency_names[] = {
	[URGENCY_UNSET] = "",
	[URGENCY_ROUTINE] = "routine",
	[URGENCY_URGENT] = "urgent",
	[URGENCY_ASAP] = "asap",
	[URGENCY_STAT] = "stat",
};

static const char *const answer_type_names[] = {
	[ANSWER_TEXT] = "text",
	[ANSWER_CODE] = "code",
	[ANSWER_INTEGER] = "integer",
	[ANSWER_DECIMAL] = "decimal",
	[ANSWER_DATE] = "date",
	[ANSWER_INSTANT] = "instant",
	[ANSWER_BOOLEAN] = "boolean",
	[ANSWER_QUANTITY] = "quantity",
	[ANSWER_RUPIAH] = "rupiah",
	[ANSWER_PHONE] = "phone",
	[ANSWER_ATTACHMENT] = "attachment",
	[ANSWER_ABSENT] = "absent",
};

static const char *const log_trouble_names[] = {
	[LOG_IS_SPLIT] = "split",
	[LOG_IS_SHRUNK] = "shrunk",
	[LOG_IS_RESTARTED] = "restarted",
	[LOG_IS_FALSE] = "false",
};

static const char *const receipt_status_names[] = {
	[RECEIPT_IS_STORED] = "stored",
	[RECEIPT_IS_REFUSED] = "refused",
	[RECEIPT_IS_OPENED] = "opened",
	[RECEIPT_IS_HELD] = "held",
};

static const char *const frame_type_names[] = {
	[FRAME_HELLO] = "hello",
	[FRAME_WELCOME] = "welcome",
	[FRAME_PUT] = "put",
	[FRAME_PUT_OK] = "put-ok",
	[FRAME_PUT_ERR] = "put-err",
	[FRAME_DELIVER] = "deliver",
	[FRAME_STORED] = "stored",
	[FRAME_NAK] = "nak",
	[FRAME_RECALL] = "recall",
	[FRAME_RECALLED] = "recalled",
	[FRAME_CREDIT] = "credit",
	[FRAME_BLOB_PUT] = "blob-put",
	[FRAME_BLOB_HAVE] = "blob-have",
	[FRAME_BLOB_GET] = "blob-get",
	[FRAME_BLOB_DATA] = "blob-data",
	[FRAME_DIRECTORY_GET] = "directory-get",
	[FRAME_DIRECTORY_IS] = "directory-is",
	[FRAME_PROOF_GET] = "proof-get",
	[FRAME_PROOF] = "proof",
	[FRAME_PING] = "ping",
	[FRAME_PONG] = "pong",
	[FRAME_BYE] = "bye",
};

/* A number outside its table has the name "unknown", which no parser takes. */
static const char *name_in (const char *const *names, size_t count, unsigned value)
{
	return value < count && names[value] != NULL ? names[value] : "unknown";
}

static int value_in (const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] != NULL && strcmp (names[i], name) == 0)
			return (int)i;
	return -1;
}

#define NAME_IN(names, value) name_in ((names), COUNT_OF (names), (unsigned)(value))
#define VALUE_IN(names, name) value_in ((names), COUNT_OF (names), (name))

const char *class_name (enum letter_class class)
{
	return NAME_IN (class_names, class);
}

const char *basis_name (enum basis basis)
{
	return NAME_IN (basis_names, basis);
}

err_t basis_parse (const char *name, enum basis *ret_basis)
{
	int value = VALUE_IN (basis_names, name);

	if (value < 0)
		return ERR_INVALID;
	*ret_basis = (enum basis)value;
	return ERR_OK;
}

const char *urgency_name (enum urgency urgency)
{
	return NAME_IN (urgency_names, urgency);
}

err_t urgency_parse (const char *name, enum urgency *ret_urgency)
{
	int value = VALUE_IN (urgency_names, name);

	if (value < 0)
		return ERR_INVALID;
	*ret_urgency = (enum urgency)value;
	return ERR_OK;
}

enum letter_class urgency_class (enum urgency urgency)
{
	switch (urgency) {
	case URGENCY_STAT:
		return CLASS_STAT;
	case URGENCY_URGENT:
	case URGENCY_ASAP:
		return CLASS_URGENT;
	case URGENCY_UNSET:
	case URGENCY_ROUTINE:
		break;
	}
	return CLASS_ROUTINE;
}

const char *answer_type_name (enum answer_type type)
{
	return NAME_IN (answer_type_names, type);
}

err_t answer_type_parse (const char *name, enum answer_type *ret_type)
{
	int value = VALUE_IN (answer_type_names, name);

	if (value < 0)
		return ERR_INVALID;
	*ret_type = (enum answer_type)value;
	return ERR_OK;
}

const char *receipt_status_name (enum receipt_status status)
{
	return NAME_IN (receipt_status_names, status);
}

const char *log_trouble_name (enum log_trouble trouble)
{
	return NAME_IN (log_trouble_names, trouble);
}

const char *frame_type_name (enum frame_type type)
{
	return NAME_IN (frame_type_names, type);
}

/*
 * Every ceiling in one place, each with its reason.  What comes from outside is held against these
 * before anything is allocated.
 */
#ifndef JEMBATAN_LIMITS_H
#define JEMBATAN_LIMITS_H

#define KIB 1024u
#define MIB (1024u * KIB)

/* wire */
#define LIMIT_FRAME_BYTES (320u * KIB)      /* the largest bucket, its header and some room */
#define LIMIT_HEADER_BYTES (2u * KIB)       /* sixteen blob references fit twice */
#define LIMIT_PLAIN_BYTES (256u * KIB)      /* the largest bucket */
#define LIMIT_CIPHER_BYTES (LIMIT_PLAIN_BYTES + 24 + 16) /* nonce and tag */
#define LIMIT_LETTER_BYTES (LIMIT_PLAIN_BYTES - 4 - 64)  /* S: length and signature go with it */
#define LIMIT_DECODE_ARENA_BYTES (8u * MIB) /* a frame's tree of small objects; refused beyond */
#define LIMIT_BLOBS 16u
#define LIMIT_BLOB_BYTES (50u * MIB)
#define LIMIT_BLOB_STEP_BYTES (64u * KIB)
#define LIMIT_BLOB_CHUNK_BYTES (16u * KIB)  /* half a minute on a 4 kbit/s line, not more */
#define LIMIT_RECEIPTS 1024u                /* of one commit for one sender */
#define LIMIT_PROOF_HASHES 256u
#define LIMIT_TAKEN 1024u                   /* letters of one PutOk: a hub's group commit */
#define LIMIT_CHECKPOINT_BYTES (1u * KIB)

/* letter */
#define LIMIT_ID_TEXT 32u                   /* agency id, role, label, purpose, code of a field */
#define LIMIT_NAME_BYTES 200u               /* names, titles, addresses */
#define LIMIT_TEXT_BYTES (8u * KIB)         /* one free-text answer; forms may ask for less */
#define LIMIT_ANSWERS 256u
#define LIMIT_LABELS 16u
#define LIMIT_VOIDED 256u
#define LIMIT_ATTACHMENTS LIMIT_BLOBS
#define LIMIT_CHAIN_EVENTS 256u
#define LIMIT_HELD 64u                      /* a partner's ledgers, three classes of each */
#define LIMIT_CLAUSE_BYTES (2u * KIB)

/* evidence pack */
#define LIMIT_EVIDENCE_BYTES (16u * MIB)    /* some sixty letters of the largest size, or thousands */
#define LIMIT_EVIDENCE_LETTERS 4096u        /* of one thread, and the receipts letters that name them */

/* directory */
#define LIMIT_DIRECTORY_BYTES (16u * MIB)   /* 20,000 members of 800 bytes */
#define LIMIT_DIRECTORY_PIECE_BYTES (64u * KIB) /* of one DirectoryIs */
#define LIMIT_MEMBERS 20000u
#define LIMIT_MEMBER_KEYS 64u               /* three uses, twenty years of yearly change */
#define LIMIT_SERVICES 32u
#define LIMIT_HUBS 16u
#define LIMIT_ENDPOINTS 8u
#define LIMIT_REGISTRAR_KEYS 16u
#define LIMIT_REQUEST_BYTES (16u * KIB)

/* time */
#define SECOND_MS INT64_C (1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define LETTER_EXPIRY_DEFAULT_MS (180 * DAY_MS)
#define LETTER_EXPIRY_MAX_MS (400 * DAY_MS)
#define LETTER_LATE_MS (24 * HOUR_MS)       /* older than this past its expiry: stored as late */
#define CLOCK_TOLERANCE_MS (2 * MINUTE_MS)  /* beyond it, corrected time is stamped */
#define CLOCK_DOUBTFUL_MS (10 * MINUTE_MS)  /* a letter from further ahead is marked doubtful */
#define CONSENT_STOP_MS (72 * HOUR_MS)      /* UU 27/2022 art. 40: 3x24 hours */
#define HELD_DELETE_MS (14 * DAY_MS)        /* an uncovered letter's body */
#define CANCEL_SILENT_MS (14 * DAY_MS)      /* then: cancelled, unconfirmed */
#define ORPHAN_WAIT_MS (24 * HOUR_MS)       /* a letter before its request */
#define GAP_REPORT_MS (24 * HOUR_MS)        /* a hole in a pair sequence */
#define ASIDE_MOST_MS (30 * DAY_MS)         /* a letter that the hub set aside explains a hole */
#define STAT_ALARM_MS (15 * MINUTE_MS)      /* a stat letter without stored-receipt */
#define HUB_FORGETS_MS (30 * DAY_MS)        /* delivery records without bodies */
#define DIRECTORY_EXPIRY_DEFAULT_MS (120 * DAY_MS)
#define DIRECTORY_WARN_MS (30 * DAY_MS)     /* before expiry: warn */
#define DIRECTORY_GRACE_MS (30 * DAY_MS)    /* after expiry: then receive, reply, urgent, stat only */
#define BACKUP_OLD_MS (3 * DAY_MS)          /* without a backup for so long, status warns */

/* hub */
#define HUB_GROUP_MAX 1024u                 /* frames of one commit */
#define HUB_CREDIT_POOL_BYTES (64u * MIB)
#define HUB_CREDIT_LETTERS 32u              /* of a new session */
#define HUB_CREDIT_BYTES (256u * KIB)
#define HUB_CREDIT_LETTERS_MAX 1024u        /* of a grown one */
#define HUB_CREDIT_BYTES_MAX (2u * MIB)

/* agent */
#define AGENT_CREDIT_LETTERS 256u
#define AGENT_CREDIT_BYTES (2u * MIB)
#define LIMIT_HTTP_BODY_BYTES (1u * MIB)
#define LIMIT_JSON_DEPTH 16u
#define LIMIT_FILE_BYTES (16u * MIB)        /* a configuration, catalogue or form file */
#define LIMIT_LINE_BYTES (4u * KIB)         /* one line of a control socket */
#define LIMIT_IMPORT_ROWS 20000u            /* lines of an imported list */
#define LIMIT_IMPORT_COLUMNS 64u            /* of its header; an export of another system has more than we read */
#define LIMIT_IMPORT_COMPLAINTS 1000u       /* bad lines that are named; the rest is counted */
#define LIMIT_PROBLEMS 64u                  /* complaints about one form */

#endif

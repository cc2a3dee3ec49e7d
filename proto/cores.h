/*
 * Core files and other eyes on our memory, where keys and what was decrypted lie.
 */
#ifndef PROTO_CORES_H
#define PROTO_CORES_H

/* From now on this process leaves no core file, whatever it was started with, and only root may trace it
 * or read its memory (prctl(2), PR_SET_DUMPABLE: it also holds where cores are piped to a program).  The
 * first thing that a program does which reads secrets. */
void cores_forbid (void);

#endif

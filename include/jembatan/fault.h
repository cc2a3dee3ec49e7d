/*
 * Named points at which a test may stop the process.  proto/fault.c does nothing; the torture
 * programs link another file.  Names are "program.step.moment", listed in tests/support.
 */
#ifndef JEMBATAN_FAULT_H
#define JEMBATAN_FAULT_H

void fault_point (const char *name);

#endif

/*
 * Named points at which a test may stop the process.  proto/fault.c does nothing; tests link another
 * file.  This is the list of all: one before and one after whatever makes something durable, and
 * before and after each word to the other side that rests on it.
 */
#ifndef JEMBATAN_FAULT_H
#define JEMBATAN_FAULT_H

/* clang-format off */
#define FAULT_LIST(X) \
	X ("hub.hello.before",         "a HELLO has come and nothing of it is written") \
	X ("hub.put.before",           "a letter has come and is not in the group") \
	X ("hub.commit.before",        "the group is written and not committed") \
	X ("hub.commit.before_put_ok", "the group is committed and nobody knows") \
	X ("hub.put_ok.after",         "the answers of the group have left") \
	X ("hub.deliver.before",       "a letter is about to be delivered") \
	X ("hub.deliver.after",        "a letter has been delivered") \
	X ("hub.stored.before",        "a STORED has come and its bodies are still here") \
	X ("hub.tidy.before",          "the WAL is about to be copied home") \
	X ("agent.api.before_answer",  "a person's step is committed and the person does not know") \
	X ("agent.hello.before",       "connected, HELLO not sent") \
	X ("agent.put.before_commit",  "letters are sealed and numbered, not committed") \
	X ("agent.put.before_send",    "letters are sealed and numbered, committed, not sent") \
	X ("agent.put.after_send",     "letters have been put") \
	X ("agent.step.before_commit", "what arrived is worked on and not committed") \
	X ("agent.step.before_stored", "what arrived is committed and the hub does not know") \
	X ("agent.stored.after",       "the hub has been told what is stored") \
	X ("store.step.before_commit", "a store takes a step of a newer schema, which is not committed") \
	X ("backup.copy.after",        "a slice of a backup is written and more is to come") \
	X ("backup.flush.before",      "all of a backup is written and not flushed") \
	X ("backup.rename.before",     "a backup was read back and has no name yet")
/* clang-format on */

/* Only with names from the list. */
void fault_point (const char *name);

#endif

/* The thread and its two queues; see locksmith.h. */
#include "agents/door/locksmith.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proto/secret.h"

struct job {
	struct job *next;
	char *password, *new_password;   /* in guarded memory */
	char hash[PASSWORD_HASH_TEXT];
	bool opens;                      /* `locked`, and `key` is what was in it */
	struct locked_key locked;
	vault_t *key;
	struct lock_result result;
	lock_done_fn *done;
	void *arg;
};

struct queue {
	struct job *first, **last;
};

struct locksmith {
	const struct password_cost *cost;
	zloop_t *loop;
	zmq_pollitem_t item;             /* its descriptor tells the loop that a job is done */
	pthread_t thread;
	pthread_mutex_t mutex;           /* guards what follows */
	pthread_cond_t work;
	struct queue waiting, finished;
	size_t count;                    /* of jobs that are not finished */
	bool ending;
};

/* ---- queues ------------------------------------------------------------------------------------- */

static void queue_start (struct queue *queue)
{
	*queue = (struct queue){ .last = &queue->first };
}

static void queue_put (struct queue *queue, struct job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

static struct job *queue_take (struct queue *queue)
{
	struct job *job = queue->first;

	if (job == NULL)
		return NULL;
	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	return job;
}

static void job_free (struct job *job)
{
	secret_free (&job->password);
	secret_free (&job->new_password);
	vault_destroy (&job->key);
	free (job);
}

/* ---- in the thread ------------------------------------------------------------------------------ */

static void compute (struct job *job, const struct password_cost *cost, const char *nobody)
{
	const char *hash = job->hash[0] != '\0' ? job->hash : nobody;
	const char *next = job->new_password;

	if (job->password != NULL)
		job->result.matches = password_check (job->password, hash) == ERR_OK && hash != nobody;
	if (next == NULL && job->result.matches && password_is_outdated (hash, cost))
		next = job->password;
	if (next != NULL && (job->password == NULL || job->result.matches))
		job->result.err = password_hash (next, cost, job->result.fresh);
}

static void open_key (struct job *job)
{
	job->result.err = vault_unlock (&job->locked, job->password, &job->key);
	job->result.key = job->key;
}

static void tell_loop (struct locksmith *locksmith)
{
	uint64_t one = 1;
	ssize_t written = write (locksmith->item.fd, &one, sizeof one);

	(void)written;   /* it is full when the loop has been told already */
}

/* Waits for the next job; NULL when it is time to end. */
static struct job *next_job (struct locksmith *locksmith)
{
	struct job *job = NULL;

	pthread_mutex_lock (&locksmith->mutex);
	while (!locksmith->ending && locksmith->waiting.first == NULL)
		pthread_cond_wait (&locksmith->work, &locksmith->mutex);
	if (!locksmith->ending)
		job = queue_take (&locksmith->waiting);
	pthread_mutex_unlock (&locksmith->mutex);
	return job;
}

static void finish (struct locksmith *locksmith, struct job *job)
{
	pthread_mutex_lock (&locksmith->mutex);
	queue_put (&locksmith->finished, job);
	pthread_mutex_unlock (&locksmith->mutex);
	tell_loop (locksmith);
}

/* The hash that stands in for an account which is not there is made at the first job, of whatever
 * account: an agent that nobody signs in to needs no memory for it. */
static void *work (void *arg)
{
	struct locksmith *locksmith = arg;
	char nobody[PASSWORD_HASH_TEXT] = "";
	struct job *job;

	while ((job = next_job (locksmith)) != NULL) {
		if (!job->opens && nobody[0] == '\0')
			job->result.err = password_hash ("nobody", locksmith->cost, nobody);
		if (job->opens)
			open_key (job);
		else if (job->result.err == ERR_OK)
			compute (job, locksmith->cost, nobody);
		finish (locksmith, job);
	}
	return NULL;
}

/* ---- in the loop -------------------------------------------------------------------------------- */

static struct job *take_finished (struct locksmith *locksmith)
{
	struct job *job;

	pthread_mutex_lock (&locksmith->mutex);
	job = queue_take (&locksmith->finished);
	if (job != NULL)
		locksmith->count--;
	pthread_mutex_unlock (&locksmith->mutex);
	return job;
}

static void tell (struct job *job)
{
	job->done (job->arg, &job->result);
	job_free (job);
}

static int on_finished (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
	struct locksmith *locksmith = arg;
	struct job *job;
	uint64_t count;
	ssize_t got = read (item->fd, &count, sizeof count);

	(void)got;
	while ((job = take_finished (locksmith)) != NULL)
		tell (job);
	return 0;
}

static struct job *job_new (const struct lock_work *work, lock_done_fn *done, void *arg)
{
	struct job *job = must_alloc (sizeof *job);

	*job = (struct job){ .password = secret_copy (work->password),
			     .new_password = secret_copy (work->next),
			     .done = done,
			     .arg = arg };
	snprintf (job->hash, sizeof job->hash, "%s", work->hash != NULL ? work->hash : "");
	job->opens = work->locked != NULL;
	if (job->opens)
		job->locked = *work->locked;
	return job;
}

err_t locksmith_ask (locksmith_t *locksmith, const struct lock_work *lock_work, lock_done_fn *done,
		     void *arg)
{
	err_t err = ERR_BUSY;

	pthread_mutex_lock (&locksmith->mutex);
	if (locksmith->count < LOCKSMITH_QUEUE) {
		locksmith->count++;
		queue_put (&locksmith->waiting, job_new (lock_work, done, arg));
		pthread_cond_signal (&locksmith->work);
		err = ERR_OK;
	}
	pthread_mutex_unlock (&locksmith->mutex);
	return err;
}

/* ---- life --------------------------------------------------------------------------------------- */

/* Signals are the loop's. */
static void start_thread (struct locksmith *locksmith)
{
	sigset_t all, before;

	sigfillset (&all);
	pthread_sigmask (SIG_SETMASK, &all, &before);
	if (pthread_create (&locksmith->thread, NULL, work, locksmith) != 0)
		abort ();
	pthread_sigmask (SIG_SETMASK, &before, NULL);
}

locksmith_t *locksmith_new (const struct password_cost *cost, zloop_t *loop)
{
	locksmith_t *locksmith = must_alloc (sizeof *locksmith);

	*locksmith = (locksmith_t){ .cost = cost, .loop = loop };
	queue_start (&locksmith->waiting);
	queue_start (&locksmith->finished);
	pthread_mutex_init (&locksmith->mutex, NULL);
	pthread_cond_init (&locksmith->work, NULL);
	locksmith->item = (zmq_pollitem_t){ .fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK),
					    .events = ZMQ_POLLIN };
	if (locksmith->item.fd < 0)
		abort ();
	zloop_poller (loop, &locksmith->item, on_finished, locksmith);
	start_thread (locksmith);
	return locksmith;
}

static void give_up (struct queue *queue)
{
	struct job *job;

	while ((job = queue_take (queue)) != NULL) {
		job->result = (struct lock_result){ .err = ERR_BUSY };
		tell (job);
	}
}

void locksmith_destroy (locksmith_t **locksmith)
{
	locksmith_t *self = *locksmith;

	if (self == NULL)
		return;
	pthread_mutex_lock (&self->mutex);
	self->ending = true;
	pthread_cond_signal (&self->work);
	pthread_mutex_unlock (&self->mutex);
	pthread_join (self->thread, NULL);
	give_up (&self->finished);
	give_up (&self->waiting);
	zloop_poller_end (self->loop, &self->item);
	close (self->item.fd);
	pthread_mutex_destroy (&self->mutex);
	pthread_cond_destroy (&self->work);
	free (self);
	*locksmith = NULL;
}

/*
 * What the kernel says of the measured broker's process: its proportional memory and its time.
 */
#ifndef TESTS_BENCH_SERVER_H
#define TESTS_BENCH_SERVER_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A line of such a file of /proc, "Pss: 12 kB"; 0 when there is no such process. */
static inline double server_file_mib (long pid, const char *name, const char *format)
{
	char path[64], line[256];
	double kib = 0;
	FILE *file;

	snprintf (path, sizeof path, "/proc/%ld/%s", pid, name);
	file = pid > 0 ? fopen (path, "re") : NULL;
	while (file != NULL && fgets (line, sizeof line, file) != NULL) {
		if (sscanf (line, format, &kib) == 1)
			break;
	}
	if (file != NULL)
		fclose (file);
	return kib / 1024;
}

/* Proportional: what is shared is divided among those that share it. */
static inline double server_mib (long pid)
{
	return server_file_mib (pid, "smaps_rollup", "Pss: %lf");
}

/* All that is mapped and there. */
static inline double server_rss_mib (long pid)
{
	return server_file_mib (pid, "status", "VmRSS: %lf");
}

/* User and system time of all its threads. */
static inline double server_cpu_s (long pid)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	const char *rest;
	FILE *file;

	snprintf (path, sizeof path, "/proc/%ld/stat", pid);
	file = pid > 0 ? fopen (path, "re") : NULL;
	if (file == NULL)
		return 0;
	text[fread (text, 1, sizeof text - 1, file)] = '\0';
	fclose (file);
	rest = strrchr (text, ')');   /* the program's name may hold anything */
	if (rest == NULL || sscanf (rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
				    &user, &system) != 2)
		return 0;
	return (double)(user + system) / (double)sysconf (_SC_CLK_TCK);
}

#endif

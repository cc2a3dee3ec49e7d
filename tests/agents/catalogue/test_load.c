/* The shipped catalogue reads well; each kind of mistake in it is refused with file and value. */
#include "tests/agents/catalogue/folder.h"

static void the_shipped_catalogue_has_its_threads_and_kinds (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct kind_spec *accept = catalogue_kind (catalogue, "referral.accept", 0);
	const struct kind_spec *request = catalogue_kind (catalogue, "referral.request", 1);

	assert_non_null (catalogue_thread (catalogue, "referral"));
	assert_null (catalogue_thread (catalogue, "wedding"));
	assert_null (catalogue_kind (catalogue, "referral.accept", 2));
	assert_non_null (accept);
	assert_string_equal (accept->thread->name, "referral");
	assert_string_equal (accept->words.id, "Terima rujukan");
	assert_true (kind_field (accept, "appointment.start")->structural);
	assert_int_equal (request->reply_within[URGENCY_ROUTINE].working_days, 3);
	assert_int_equal (request->reply_within[URGENCY_UNSET].working_days, 3);
	assert_int_equal (request->reply_within[URGENCY_STAT].hours, 1);
	assert_int_equal (request->seen_within[URGENCY_ROUTINE].working_days, 1);
	assert_string_equal (kind_field (request, "person.nik")->from, "person.nik");
	assert_string_equal (kind_field (request, "person.nik")->label, "identity");
}

static void only_the_machine_sends_what_names_no_role (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	assert_int_equal (catalogue_kind (catalogue, "referral.received", 0)->role_count, 0);
	assert_int_equal (catalogue_kind (catalogue, "consent.withdraw", 0)->role_count, 0);
	assert_int_equal (catalogue_kind (catalogue, "referral.cancelled", 0)->role_count, 4);
	assert_int_equal (catalogue_kind (catalogue, "consent.withdraw", 0)->body,
			  BODY_CONSENT_WITHDRAWAL);
	assert_int_equal (catalogue_kind (catalogue, "referral.received", 0)->body, BODY_NONE);
	assert_int_equal (catalogue_kind (catalogue, "loop.overdue", 0)->body, BODY_ANSWERS);
}

static void calls_nobody_an_addict (const char *folder, const char *name, const void *context)
{
	char path[512];
	char *text;

	snprintf (path, sizeof path, "%s/%s", folder, name);
	text = file_text (path);
	assert_null (strcasestr (text, "pecandu"));
	assert_null (strcasestr (text, "addict"));
	free (text);
}

static void no_text_of_the_catalogue_calls_a_client_an_addict (void **state)
{
	each_file (SHIPPED, calls_nobody_an_addict, NULL);
}

static void services_purposes_and_labels_are_found_by_code (void **state)
{
	OWNED (catalogue) catalogue = shipped ();

	assert_string_equal (catalogue_service (catalogue, "medical")->purpose, "treatment");
	assert_null (catalogue_service (catalogue, "MEDICAL"));
	assert_true (catalogue_has_purpose (catalogue, "social-rehab"));
	assert_false (catalogue_has_purpose (catalogue, "medical"));
	assert_true (catalogue_has_label (catalogue, "restricted-clinical"));
	assert_false (catalogue_has_label (catalogue, ""));
}

static void a_thread_tells_whom_it_is_about_and_how_it_is_chained (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	const struct thread_type *lab = catalogue_thread (catalogue, "lab");
	const struct thread_type *course = catalogue_thread (catalogue, "course");

	assert_string_equal (lab->chained, "referral");
	assert_string_equal (lab->purpose, "treatment");
	assert_int_equal (lab->about, ABOUT_PERSON);
	assert_false (lab->discreet);
	assert_string_equal (course->chained, "");
	assert_int_equal (course->about, ABOUT_ANYBODY);
	assert_true (course->discreet);
}

static void a_kind_has_its_tables_gates_reminders_and_remarks (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);
	const struct kind_spec *order = catalogue_kind (catalogue, "lab.order", 0);
	const struct kind_spec *result = catalogue_kind (catalogue, "lab.result", 0);
	const struct letter_match *any;

	assert_int_equal (order->urgency, URGENCY_URGENT);
	assert_true (order->else_next);
	assert_int_equal (order->gate_count, 3);
	assert_string_equal (order->gates[0].gate, "guardian");
	assert_int_equal (order->gates[0].any_count, 0);
	assert_string_equal (order->gates[1].services[0], "medical");
	any = order->gates[1].any;
	assert_int_equal (any[0].match_count, 0);
	assert_int_equal (any[1].within_days, 30);
	assert_string_equal (any[1].matches[0].values[0], "POS");
	assert_int_equal (order->remind_count, 2);
	assert_int_equal (order->reminds[0].days[0], -1);
	assert_string_equal (order->reminds[0].times, "");
	assert_int_equal (order->reminds[1].every_days, 30);
	assert_string_equal (order->reminds[1].from, "");
	assert_int_equal (result->group_count, 1);
	assert_int_equal (result->groups[0].most, 4);
	assert_string_equal (result->fields[0].group, "");
	assert_string_equal (kind_field (result, "analyte.code")->group, "analyte");
	assert_true (kind_field (result, "analyte.value")->codes[2].explain);
	assert_string_equal (result->remarks[1].group, "");
	assert_int_equal (result->urgency, URGENCY_UNSET);
}

static void who_may_see_a_label_is_data_and_nobody_else_may (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);

	assert_true (catalogue_may_see (catalogue, "clinic", "health"));
	assert_false (catalogue_may_see (catalogue, "clinic", "criminal"));
	assert_false (catalogue_may_see (catalogue, "training", "health"));
	assert_false (catalogue_may_see (catalogue, "circus", "health"));
	assert_true (catalogue_is_telling (catalogue, "prison"));
	assert_false (catalogue_is_telling (catalogue, "training"));
}

struct telling {
	const char *text, *word;   /* NULL: it tells of nothing */
};

static const struct telling tellings[] = {
	{ "Kursus las dasar, mulai Senin", NULL },
	{ "", NULL },
	{ "Pernah di REHABILITASI", "rehab*" },
	{ "pasca-r\xc3\xa9hab", "rehab*" },
	{ "re\xe2\x80\x8bhab", "rehab*" },      /* a zero-width space in it */
	{ "eks lapas\xe2\x80\x94ya", "lapas" },  /* a dash behind it */
	{ "pelapasan", NULL },
	{ "lapasan", NULL },
	{ "tes  Narkoba", "tes narkoba" },
	{ "tes", NULL },
	{ "urin, lalu penjara", "urin" },
	{ "Rehan Setiawan", NULL },
};

static void a_telling_word_is_found_whatever_its_case_accents_and_ending (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);

	for (size_t i = 0; i < COUNT_OF (tellings); i++) {
		const char *word = catalogue_telling_word (catalogue, tellings[i].text);

		if (tellings[i].word == NULL)
			assert_null (word);
		else
			assert_string_equal (word != NULL ? word : tellings[i].text,
					     tellings[i].word);
	}
}

struct mistake {
	const char *file, *old, *new;
	const char *complaint;
};

/* clang-format off */
static const struct mistake mistakes[] = {
	/* the file's own shape */
	{ "referral.json", "\"chained\": \"referral\",", "\"chained\": \"referral\", \"colour\": \"red\",", "referral.json: colour: the value \"red\"" },
	{ "referral.json", "\"chained\": \"referral\"", "\"chained\": true", "referral.json: chained" },
	{ "referral.json", "\"type\": \"instant\"", "\"type\": \"moment\"", "the value \"moment\"" },
	{ "referral.json", "\"by\": \"requester\"", "\"by\": \"hub\"", "kinds[0].by: the value \"hub\"" },
	{ "referral.json", "\"consent\", \"legal-duty\"", "\"hunch\"", "the value \"hunch\"" },
	{ "referral.json", "\"max_bytes\": 200", "\"max_bytes\": 99999", "kinds[0].fields[1].max_bytes: the value \"99999\"" },
	{ "referral.json", "\"codes\": \"sex\"", "\"codes\": \"sexes\"", "the value \"sexes\"" },
	{ "referral.json", "\"to\": \"accepted\"", "\"to\": \"accpeted\"", "transitions[3].to: the value \"accpeted\"" },
	{ "referral.json", "\"from\": [\"draft\"]", "\"from\": [\"draught\"]", "transitions[1].from: the value \"draught\"" },
	{ "referral.json", "\"thread\": \"referral\"", "\"thread\": \"transfer\"", "thread: the value \"transfer\"" },
	{ "referral.json", "\"en\": \"Client's name\"", "\"en\": \"\"", "words.en: the value \"\"" },
	{ "referral.json", "\"id\": \"Nama klien\", ", "", "words.id" },
	{ "referral.json", "{", "{,", "referral.json: line 1" },
	{ "words.json", "\"en\": \"Medical treatment\"", "\"en\": 5", "words.json: purposes[0].words.en: the value \"5\"" },
	{ "holidays.json", "2026-01-16", "2026-01-32", "the value \"2026-01-32\"" },
	/* the whole */
	{ "referral.json", "{ \"from\": [\"in-progress\"], \"kind\": \"service.hold\", \"by\": \"performer\", \"to\": \"on-hold\" }", "{ \"from\": [\"in-progress\"], \"kind\": \"service.hold\", \"by\": \"performer\" }", "\"on-hold\" can't be reached" },
	{ "consent.json", ",\n    { \"from\": [\"withdrawn\"], \"kind\": \"consent.stopped\", \"by\": \"performer\", \"to\": \"stopped\" }", "", "\"withdrawn\" has no way out" },
	{ "referral.json", "\"referral.cancelled\", \"service.continue\"", "\"referral.request\"", "\"referral.request\" may be sent by nobody as an answer" },
	{ "referral.json", "\"kinds\": [\"referral.cancelled\", \"service.continue\"]", "\"kinds\": []", "\"cancel\" waits for an answer that does not exist" },
	{ "referral.json", "\"within\": { \"routine\": { \"working_days\": 2 } }", "\"within\": { \"routine\": { } }", "\"cancel\" has no time limit" },
	{ "referral.json", "\"clock\": \"cancel\"", "\"clock\": \"cuckoo\"", "\"cuckoo\" is not in the list" },
	{ "referral.json", "\"pauses\": \"decision\"", "\"pauses\": \"cuckoo\"", "\"cuckoo\" is no clock" },
	{ "referral.json", "\"flag\": \"goal\"", "\"flag\": \"reason\"", "goal: \"reason\" is the flag of two fields" },
	{ "referral.json", "\"name\": \"goal\"", "\"name\": \"reason\"", "\"reason\" stands twice" },
	{ "referral.json", "\"name\": \"received\", \"status\"", "\"name\": \"requested\", \"status\"", "\"received\"" },
	{ "referral.json", "\"status\": \"on-hold\"", "\"status\": \"paused\"", "\"paused\" is no FHIR status" },
	{ "referral.json", "\"label\": \"identity\"", "\"label\": \"finance\"", "\"finance\" is not in this kind's" },
	{ "referral.json", "\"labels\": [\"health\", \"criminal\", \"child\"", "\"labels\": [\"wealth\", \"health\", \"criminal\", \"child\"", "\"wealth\" is not in words.json" },
	{ "referral.json", "\"roles\": [\"caseworker\"", "\"roles\": [\"auditor\"", "\"auditor\" is not known" },
	{ "referral.json", "\"from_kinds\": [\"ipwl\"", "\"from_kinds\": [\"circus\"", "\"circus\" is not known" },
	{ "referral.json", "\"role\": \"owner\"", "\"role\": \"mayor\"", "\"mayor\" is not known" },
	{ "referral.json", "\"unit\": \"%\"", "\"unit\": \"percent\"", "\"percent\" is no UCUM unit" },
	{ "referral.json", "http://loinc.org", "http://loink.org", "\"http://loink.org\" is no code system" },
	{ "referral.json", "\"explained_by\": \"reason-text\"", "\"explained_by\": \"why\"", "\"why\" is no field" },
	{ "referral.json", "\"from\": \"person.sex\"", "\"from\": \"person.shoe\"", "\"person.shoe\" is no source" },
	{ "referral.json", "\"min\": 0, \"max\": 120", "\"min\": 120, \"max\": 0", "leave no choice" },
	{ "referral.json", "\"basis\": [\"consent\",", "\"basis\": [\"none\",", "\"none\" is not enough for personal data" },
	{ "referral.json", "{ \"from\": [\"on-hold\"], \"kind\": \"service.resume\", \"by\": \"performer\"", "{ \"from\": [\"on-hold\"], \"kind\": \"service.resume\", \"by\": \"requester\"", "\"requester\" may not send this kind" },
	{ "referral.json", "{ \"from\": [\"waitlisted\"], \"kind\": \"waitlist.update\"", "{ \"from\": [\"received\"], \"kind\": \"waitlist.update\"", "\"received\" has two rows" },
	{ "referral.json", "{ \"from\": [\"on-hold\"], \"kind\": \"service.resume\"", "{ \"from\": [\"on-hold\", \"failed\"], \"kind\": \"service.resume\"", "\"failed\" has ended" },
	{ "referral.json", "\"kind\": \"service.resume\", \"version\": 1", "\"kind\": \"service.hold\", \"version\": 1", "service.resume" },
	{ "words.json", "\"code\": \"no-facility\"", "\"code\": \"no-capacity\"", "\"no-capacity\" stands twice" },
	{ "words.json", "\"code\": \"detox\", \"purpose\": \"treatment\"", "\"code\": \"detox\", \"purpose\": \"magic\"", "\"magic\" is not in" },
	{ "lab.json", "\"lane\": \"health\"", "\"lane\": \"fast\"", "lab.json: lane: \"fast\" is not in case.json" },
	{ "words.json", "\"lane\": \"justice\"", "\"lane\": \"slow\"", "words.json: lane: \"slow\" is not in case.json" },
	{ "case.json", "\"agency_kinds\": [\"ipwl\"]", "\"agency_kinds\": [\"circus\"]", "case.json: schemes: \"circus\" is not known" },
	{ "case.json", "[\"assessment.summary\"]", "[\"assessment.sumary\"]", "case.json: stages: \"assessment.sumary\" is no kind of letter" },
	{ "case.json", "\"kinds\": [\"plan.close\"],", "", "case.json: stages: \"evaluation\" can't be reached" },
	{ "case.json", "\"stage\": \"evaluation\"", "\"stage\": \"contact\"", "case.json: stages: \"contact\" stands twice" },
	{ "case.json", "\"findings\": [\"lab.result\"", "\"findings\": [\"lab.hunch\"", "case.json: findings: \"lab.hunch\" is no kind of letter" },
	{ "case.json", "\"reached\": \"reached\"", "\"reached\": \"on\"", "case.json: aftercare: \"on\" is no fitting field" },
	{ "holidays.json", "2027-05-01", "2026-05-02", "\"2026-05-02\" is no day of that year" },
};
/* clang-format on */

/* clang-format off */
/* The same in the small catalogue, which has one of everything. */
static const struct mistake network_mistakes[] = {
	/* the file's own shape */
	{ "lab.json", "\"urgency\": \"urgent\"", "\"urgency\": \"soon\"", "kinds[0].urgency: the value \"soon\"" },
	{ "lab.json", "\"days\": [-1, 3]", "\"days\": [-1, \"3\"]", "kinds[0].reminds[0].days[1]: the value \"3\"" },
	{ "lab.json", "\"comment\": \"Row 1 of the paper\",", "", "kinds[0].gates[1].comment: the value - can't be used; it must be given" },
	{ "lab.json", "\"else_next\": true", "\"else_next\": \"yes\"", "reply.else_next: the value \"yes\"" },
	{ "lab.json", "\"most\": 4, \"words\": { \"id\": \"Zat\", \"en\": \"Analyte\" }", "\"most\": 4, \"words\": { \"id\": \"Zat\" }", "kinds[1].groups[0].words.en" },
	{ "course.json", "\"person\": \"optional\"", "\"person\": \"perhaps\"", "course.json: person: the value \"perhaps\"" },
	{ "words.json", "\"explain\": true", "\"explain\": 1", "explain: the value \"1\"" },
	/* threads */
	{ "lab.json", "\"chained\": \"referral\"", "\"chained\": \"marriage\"", "\"marriage\" is neither referral, transfer nor aftercare" },
	{ "lab.json", "\"purpose\": \"treatment\"", "\"purpose\": \"magic\"", "lab.json: purpose: \"magic\" is not in \"purposes\"" },
	/* tables */
	{ "lab.json", "\"name\": \"analyte.cutoff\", \"group\": \"analyte\"", "\"name\": \"analyte.cutoff\", \"group\": \"panel\"", "analyte.cutoff: \"panel\" is not in this kind's \"groups\"" },
	{ "lab.json", "\"name\": \"analyte.cutoff\"", "\"name\": \"cutoff\"", "\"cutoff\" must begin with its table's name and a dot" },
	{ "lab.json", "\"unit\": \"ng/mL\"", "\"unit\": \"ng/mL\", \"many\": true", "analyte.cutoff: \"many\" can't be used with a column" },
	{ "lab.json", "\"unit\": \"ng/mL\"", "\"unit\": \"ng/mL\", \"flag\": \"cutoff\"", "\"cutoff\" can't be used with a column" },
	{ "lab.json", "\"least\": 1, \"most\": 4", "\"least\": 5, \"most\": 4", "analyte: \"least, most\" leave no choice" },
	{ "lab.json", "\"least\": 1, \"most\": 4", "\"most\": 200", "\"most\" is more than a letter holds" },
	{ "lab.json", "\"groups\": [", "\"groups\": [ { \"name\": \"drug\", \"most\": 1, \"words\": { \"id\": \"x\", \"en\": \"x\" } },", "\"drug\" has no column" },
	{ "lab.json", "\"groups\": [", "\"groups\": [ { \"name\": \"analyte\", \"most\": 1, \"words\": { \"id\": \"x\", \"en\": \"x\" } },", "groups: \"analyte\" stands twice" },
	{ "lab.json", "\"flag\": \"exit\"", "\"flag\": \"analyte\"", "\"analyte\" is a field's name or flag too" },
	{ "lab.json", "\"flag\": \"exit\"", "\"flag\": \"exit\", \"explained_by\": \"analyte.note\"", "exit: \"analyte.note\" is a column of another table" },
	/* gates */
	{ "lab.json", "\"gate\": \"guardian\"", "\"gate\": \"dragon\"", "gates: \"dragon\" is not known" },
	{ "lab.json", "\"gate\": \"guardian\"", "\"gate\": \"needs\"", "gates: \"needs\" needs \"any\" alone" },
	{ "lab.json", "\"gate\": \"needs\"", "\"gate\": \"guardian\"", "gates: \"guardian\" looks at no letters" },
	{ "lab.json", "\"gate\": \"needs\"", "\"gate\": \"answered\"", "gates: \"answered\" needs \"asked\" and \"any\"" },
	{ "lab.json", "\"services\": [\"medical\"]", "\"services\": [\"massage\"]", "needs: \"massage\" is no service" },
	{ "lab.json", "{ \"kind\": \"course.enrol\" }", "{ \"kind\": \"course.enroll\" }", "needs: \"course.enroll\" is no kind of letter" },
	{ "lab.json", "[ { \"field\": \"analyte.value\"", "[ { \"field\": \"analyte.colour\"", "needs: \"analyte.colour\" is no field of that kind" },
	{ "lab.json", "\"values\": [\"POS\"]", "\"values\": [\"POSITIVE\"]", "needs: \"POSITIVE\" can't be an answer to that field" },
	{ "lab.json", "\"field\": \"exit\", \"values\": [\"true\"]", "\"field\": \"exit\", \"values\": [\"yes\"]", "answered: \"yes\" can't be an answer to that field" },
	/* reminders */
	{ "lab.json", "{ \"kind\": \"lab.result\", \"by\": \"performer\", \"from\"", "{ \"kind\": \"lab.result\", \"by\": \"requester\", \"from\"", "reminds: \"lab.result\" may not be sent by that party" },
	{ "lab.json", "{ \"kind\": \"lab.result\", \"by\": \"performer\", \"from\"", "{ \"kind\": \"course.done\", \"by\": \"performer\", \"from\"", "reminds: \"course.done\" may not be sent by that party" },
	{ "lab.json", "\"from\": \"collected\"", "\"from\": \"months\"", "reminds: \"months\" is no field that can be counted from" },
	{ "lab.json", "\"times\": \"months\"", "\"times\": \"collected\"", "reminds: \"collected\" is no field that can be counted from" },
	{ "lab.json", "\"every_days\": 30, \"times\": \"months\"", "\"every_days\": 30", "needs \"days\", or \"every_days\" and \"times\"" },
	{ "lab.json", "\"days\": [-1, 3]", "\"days\": []", "needs \"days\", or \"every_days\" and \"times\"" },
	/* remarks */
	{ "lab.json", "{ \"group\": \"analyte\",\n          \"matches\"", "{ \"group\": \"panel\",\n          \"matches\"", "remarks: \"panel\" is not in this kind's \"groups\"" },
	{ "lab.json", "{ \"group\": \"analyte\",\n          \"matches\"", "{ \"matches\"", "remarks: \"analyte.value\" is no column of that table" },
	{ "lab.json", "\"values\": [\"screen\"]", "\"values\": [\"scream\"]", "remarks: \"scream\" can't be an answer" },
	/* clocks, labels, discreet threads */
	{ "lab.json", "{ \"days\": 0, \"role\": \"owner\" }, ", "", "lab.order, escalation: \"result\" has no owner" },
	{ "lab.json", "{ \"days\": 0, \"role\": \"owner\" }, ", "", "lab.result, escalation: \"received\" has no owner" },
	{ "lab.json", "\"labels\": [\"health\"]", "\"labels\": [\"health\", \"privileged\"]", "labels: \"privileged\" may be seen by no recipient" },
	{ "lab.json", "\"to_kinds\": [\"ipwl\", \"clinic\"]", "\"to_kinds\": [\"ipwl\", \"prison\"]", "lab.order, collected: \"prison\" may never see this required field" },
	{ "course.json", "\"by\": \"requester\", \"needs_consent\": true,", "\"by\": \"requester\", \"needs_consent\": true, \"labels\": [\"health\"],", "labels: \"health\" must not reach this thread's recipient" },
	{ "course.json", "\"en\": \"Skill\"", "\"en\": \"Skill learnt in rehab\"", "skill: \"rehab*\" must not be read by this thread's recipient" },
	{ "course.json", "\"id\": \"Kursus\"", "\"id\": \"Kursus eks lapas\"", "course.json: words: \"lapas\" must not be read" },
	/* words */
	{ "words.json", "{ \"agency_kind\": \"prison\", \"labels\": [\"criminal\"] }", "{ \"agency_kind\": \"circus\", \"labels\": [\"criminal\"] }", "sees: \"circus\" is not known" },
	{ "words.json", "{ \"agency_kind\": \"prison\", \"labels\": [\"criminal\"] }", "{ \"agency_kind\": \"clinic\", \"labels\": [\"criminal\"] }", "sees: \"clinic\" stands twice" },
	{ "words.json", "{ \"agency_kind\": \"prison\", \"labels\": [\"criminal\"] }", "{ \"agency_kind\": \"prison\", \"labels\": [\"crime\"] }", "sees: \"crime\" is not known" },
	{ "words.json", "\"telling_kinds\": [\"ipwl\"", "\"telling_kinds\": [\"circus\"", "telling_kinds: \"circus\" is not known" },
	{ "words.json", "\"rehab*\", \"lapas\"", "\"Rehab*\", \"lapas\"", "\"Rehab*\" must be lower case" },
	{ "words.json", "\"rehab*\", \"lapas\"", "\"*rehab\", \"lapas\"", "\"*rehab\" must be lower case" },
	{ "words.json", "\"rehab*\", \"lapas\"", "\"*\", \"lapas\"", "\"*\" must be lower case" },
	{ "words.json", "\"rehab*\", \"lapas\"", "\"lapas\", \"lapas\"", "discreet_words: \"lapas\" stands twice" },
};
/* clang-format on */

static void is_refused (const char *source, const struct mistake *mistake)
{
	OWNED (problems) problems = problems_new ();
	catalogue_t *catalogue = NULL;
	char folder[64];
	err_t err;

	folder_with (folder, source, mistake->file, mistake->old, mistake->new);
	err = catalogue_load (folder, &catalogue, problems);
	folder_remove (folder);
	if (err != ERR_CONFIG || !complains (problems, mistake->complaint)) {
		print_message ("%s was not complained of but:\n", mistake->complaint);
		show_complaints (problems);
	}
	assert_int_equal (err, ERR_CONFIG);
	assert_null (catalogue);
	assert_true (complains (problems, mistake->complaint));
}

static void each_mistake_is_refused_with_its_file_and_value (void **state)
{
	for (size_t i = 0; i < COUNT_OF (mistakes); i++)
		is_refused (SHIPPED, &mistakes[i]);
	for (size_t i = 0; i < COUNT_OF (network_mistakes); i++)
		is_refused (NETWORK, &network_mistakes[i]);
}

static void a_case_is_shown_in_the_stages_of_its_agency_and_the_lane_of_its_thread (void **state)
{
	OWNED (catalogue) catalogue = shipped ();
	const struct thread_type *lab = catalogue_thread (catalogue, "lab");
	const struct thread_type *referral = catalogue_thread (catalogue, "referral");

	assert_int_equal (catalogue_scheme (catalogue, "ipwl")->stage_count, 9);
	assert_int_equal (catalogue_scheme (catalogue, "clinic")->stage_count, 7);
	assert_string_equal (catalogue_lane (catalogue, lab, ""), "health");
	assert_string_equal (catalogue_lane (catalogue, referral, "legal"), "justice");
	assert_string_equal (catalogue_lane (catalogue, referral, ""), "");
}

static void a_folder_without_a_case_file_has_no_stages (void **state)
{
	OWNED (catalogue) catalogue = loaded (NETWORK);

	assert_null (catalogue_scheme (catalogue, "ipwl"));
	assert_int_equal (catalogue_case (catalogue)->lane_count, 0);
}

static void an_empty_folder_is_refused (void **state)
{
	OWNED (problems) problems = problems_new ();
	catalogue_t *catalogue = NULL;

	assert_int_equal (catalogue_load ("/nonexistent", &catalogue, problems), ERR_CONFIG);
	assert_true (complains (problems, "words.json"));
}

int main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (the_shipped_catalogue_has_its_threads_and_kinds),
		cmocka_unit_test (only_the_machine_sends_what_names_no_role),
		cmocka_unit_test (no_text_of_the_catalogue_calls_a_client_an_addict),
		cmocka_unit_test (services_purposes_and_labels_are_found_by_code),
		cmocka_unit_test (a_thread_tells_whom_it_is_about_and_how_it_is_chained),
		cmocka_unit_test (a_kind_has_its_tables_gates_reminders_and_remarks),
		cmocka_unit_test (who_may_see_a_label_is_data_and_nobody_else_may),
		cmocka_unit_test (a_telling_word_is_found_whatever_its_case_accents_and_ending),
		cmocka_unit_test (each_mistake_is_refused_with_its_file_and_value),
		cmocka_unit_test (
			a_case_is_shown_in_the_stages_of_its_agency_and_the_lane_of_its_thread),
		cmocka_unit_test (a_folder_without_a_case_file_has_no_stages),
		cmocka_unit_test (an_empty_folder_is_refused),
	};

	return cmocka_run_group_tests (tests, NULL, NULL);
}

/* Runs the .case files of a directory, or the acceptance cases, a TAP line each.
 *
 *     run_cases cases DIRECTORY         every FILE.case below it
 *     run_cases acceptance DIRECTORY    cases.json, restricted to the rules that rules.json marks
 *                                       mechanical
 *
 * A .case file is JSON: {"title", "as_of", "claim": {…} or "claims": […], "expect": [{"rule",
 * "line", "severity", "status", "message"}], "must_not": ["rule"], "gaps": [{"rule", "need"}],
 * "verdict"}. Of several claims the last is judged, with the memory of those before it. In
 * `expect` a null line means the whole claim and a missing key "whatever". */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include "audit_case.h"

static struct audit_case_plan plan;

static const char *text_of(struct json_object *object, const char *key) {
    struct json_object *value = NULL;
    return json_object_object_get_ex(object, key, &value) ? json_object_get_string(value) : NULL;
}

static size_t length_of(struct json_object *array) {
    return array ? json_object_array_length(array) : 0;
}

static struct view json_view(struct json_object *object) {
    return view_of(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
}

static void audit_object(struct audit_case *c, struct json_object *claim) {
    audit_case_run(c, json_view(claim));
}

static bool complain(const char *what, const char *rule, const char *detail) {
    printf("# %s: %s%s%s\n", what, rule, detail ? " " : "", detail ? detail : "");
    return false;
}

static bool view_is(struct view view, const char *text) {
    return !text || view_equal(view, view_of(text));
}

/* Line of an expectation: missing means any, null the whole claim. */
static int expected_line(struct json_object *expect) {
    struct json_object *line = NULL;
    if (!json_object_object_get_ex(expect, "line", &line)) {
        return AUDIT_CASE_ANY;
    }
    return line ? json_object_get_int(line) : AUDIT_CASE_CLAIM;
}

/* An expectation without a status speaks of a fault; when a modifier or the payer bypasses it, its
 * severity is another. */
static bool severity_matches(const struct audit_finding *finding, struct json_object *expect) {
    return view_is(rule_severity_name(finding->severity), text_of(expect, "severity")) ||
           (finding->status != AUDIT_FAIL && !text_of(expect, "status"));
}

static bool finding_matches(const struct audit_finding *finding, struct json_object *expect) {
    return severity_matches(finding, expect) &&
           view_is(audit_status_name(finding->status), text_of(expect, "status")) &&
           view_is(finding->message, text_of(expect, "message"));
}

static bool expect_met(const struct audit_case *c, struct json_object *expect) {
    const char *rule = text_of(expect, "rule");
    const struct audit_finding *finding =
        rule ? audit_case_find(c, rule, expected_line(expect)) : NULL;
    if (!finding) {
        return complain("not found", rule ? rule : "(no rule)", NULL);
    }
    if (!finding_matches(finding, expect)) {
        return complain("found, but other than expected", rule, json_view(expect).at);
    }
    return true;
}

static bool rule_fails(const struct audit_case *c, const char *rule) {
    for (int i = 0; i < c->result->finding_count; i++) {
        const struct audit_finding *finding = &c->result->findings[i];
        if (finding->status == AUDIT_FAIL && view_is(finding->rule->id, rule)) {
            return true;
        }
    }
    return false;
}

static bool expects_met(const struct audit_case *c, struct json_object *test) {
    bool ok = true;
    struct json_object *list = json_object_object_get(test, "expect");
    for (size_t i = 0; i < length_of(list); i++) {
        ok &= expect_met(c, json_object_array_get_idx(list, i));
    }
    return ok;
}

static bool must_nots_met(const struct audit_case *c, struct json_object *test) {
    bool ok = true;
    struct json_object *list = json_object_object_get(test, "must_not");
    for (size_t i = 0; i < length_of(list); i++) {
        const char *rule = json_object_get_string(json_object_array_get_idx(list, i));
        if (rule_fails(c, rule)) {
            ok = complain("must not fail", rule, NULL);
        }
    }
    return ok;
}

static bool gaps_met(const struct audit_case *c, struct json_object *test) {
    bool ok = true;
    struct json_object *list = json_object_object_get(test, "gaps");
    for (size_t i = 0; i < length_of(list); i++) {
        struct json_object *gap = json_object_array_get_idx(list, i);
        const char *rule = text_of(gap, "rule");
        if (!rule || !audit_case_gap(c, rule, text_of(gap, "need"))) {
            ok = complain("no gap", rule ? rule : "(no rule)", text_of(gap, "need"));
        }
    }
    return ok;
}

static bool list_has(struct json_object *list, const char *key, const char *rule) {
    for (size_t i = 0; i < length_of(list); i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        const char *name = key ? text_of(entry, key) : json_object_get_string(entry);
        if (name && strcmp(name, rule) == 0) {
            return true;
        }
    }
    return false;
}

/* An error finding that is neither expected nor allowed is a false alarm. */
static bool no_false_alarm(const struct audit_case *c, struct json_object *test) {
    bool ok = true;
    for (int i = 0; i < c->result->finding_count; i++) {
        const struct audit_finding *finding = &c->result->findings[i];
        char rule[64];
        snprintf(rule, sizeof rule, "%.*s", (int)finding->rule->id.size, finding->rule->id.at);
        if (finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR &&
            !list_has(json_object_object_get(test, "expect"), "rule", rule) &&
            !list_has(json_object_object_get(test, "may_also"), NULL, rule)) {
            ok = complain("false alarm", rule, NULL);
        }
    }
    return ok;
}

static struct json_object *file_json(const char *path) {
    struct json_object *object = json_object_from_file(path);
    if (!object) {
        fprintf(stderr, "%s: %s\n", path, json_util_get_last_err());
        exit(99);
    }
    return object;
}

/* ---- .case files ------------------------------------------------------------------------- */

static void case_file(const char *path, const char *name) {
    struct json_object *test = file_json(path);
    struct json_object *claims = json_object_object_get(test, "claims");
    const char *as_of = text_of(test, "as_of");
    struct audit_case c;
    audit_case_open(
        &c, &(struct audit_options){.as_of = as_of ? date_from_iso(view_of(as_of)) : DATE_NONE});
    for (size_t i = 0; i < length_of(claims); i++) {
        audit_object(&c, json_object_array_get_idx(claims, i));
    }
    if (!claims) {
        audit_object(&c, json_object_object_get(test, "claim"));
    }
    bool ok = expects_met(&c, test);
    ok &= must_nots_met(&c, test);
    ok &= gaps_met(&c, test);
    const char *verdict = text_of(test, "verdict");
    if (!view_is(audit_verdict_name(c.result->verdict), verdict)) {
        ok = complain("other verdict", verdict, NULL);
    }
    audit_case_tap(&plan, &c, ok, name);
    audit_case_close(&c);
    json_object_put(test);
}

static void case_files(const char *directory) {
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*.case", directory);
    if (glob(pattern, 0, NULL, &found) != 0) {
        fprintf(stderr, "%s: no .case file\n", directory);
        exit(99);
    }
    audit_case_plan(&plan, (int)found.gl_pathc);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        case_file(found.gl_pathv[i], strrchr(found.gl_pathv[i], '/') + 1);
    }
    globfree(&found);
}

/* ---- acceptance -------------------------------------------------------------------------- */

static void acceptance_case(struct json_object *test) {
    struct json_object *claim = json_object_object_get(test, "claim");
    char name[160];
    snprintf(name, sizeof name, "%s %s", text_of(claim, "claim_id"), text_of(test, "title"));
    for (char *c = name; *c; c++) {
        *c = *c == '#' ? ' ' : *c; /* TAP reads a directive there */
    }
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    audit_object(&c, claim);
    bool ok = expects_met(&c, test);
    ok &= must_nots_met(&c, test);
    ok &= no_false_alarm(&c, test);
    audit_case_tap(&plan, &c, ok, name);
    audit_case_close(&c);
}

static void acceptance(const char *directory) {
    char path[4096];
    struct stat status;
    snprintf(path, sizeof path, "%s/cases.json", directory);
    if (stat(path, &status) != 0) {
        printf("1..1\nok 1 - acceptance # SKIP shared not present\n");
        return;
    }
    struct json_object *file = file_json(path);
    struct json_object *tests = json_object_object_get(file, "cases");
    audit_case_plan(&plan, (int)length_of(tests));
    for (size_t i = 0; i < length_of(tests); i++) {
        acceptance_case(json_object_array_get_idx(tests, i));
    }
    json_object_put(file);
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "cases") == 0) {
        case_files(arguments[2]);
    } else if (count == 3 && strcmp(arguments[1], "acceptance") == 0) {
        acceptance(arguments[2]);
    } else {
        fprintf(stderr, "usage: run_cases cases|acceptance DIRECTORY\n");
        return 2;
    }
    return plan.failures > 0;
}

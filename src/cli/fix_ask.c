/* claimvet fix --ask: one suggestion after another on the terminal, answered with a key each. */
#include "cli/fix.h"
#include "os/os.h"
#include "report/report.h"

static void amounts_print(struct out *out, const char *name, struct money before,
                          struct money after) {
    if (money_given(before) && money_given(after)) {
        out_view(out, view_of(name));
        report_money_pad(out, before, 0);
        OUT_TEXT(out, " -> ");
        report_money_pad(out, after, 0);
        OUT_TEXT(out, "\n");
    }
}

void fix_amounts(struct fix *fix) {
    struct out *err = &fix->cli->err;
    amounts_print(err, "  charge  ", fix->now->claim.total_charge, fix->trial->claim.total_charge);
    amounts_print(err, "  allowed ", fix->allowed, fix->trial_allowed);
}

static void segment_print(struct fix *fix, const struct claim_draft *draft, int line,
                          const char *sign) {
    struct out *err = &fix->cli->err;
    struct out segment;
    out_open(&segment, NULL, NULL);
    claim_draft_segment(draft, line, &segment);
    out_view(err, view_of(sign));
    if (segment.size > 0) {
        report_safe(err, out_bytes(&segment));
    } else {
        OUT_TEXT(err, "(the line goes)");
    }
    OUT_TEXT(err, "\n");
    out_close(&segment);
}

/* Lines that the trial has otherwise. */
static void lines_print(struct fix *fix) {
    const struct claim_draft *now = fix->now;
    const struct claim_draft *trial = fix->trial;
    int last = -1; /* removals and elements of one line come together */
    for (const struct claim_change *c = trial->changes; c != now->changes; c = c->earlier) {
        for (int i = 0; i < now->claim.line_count; i++) {
            bool same = c->kind == CHANGE_PATCH && c->byte >= now->lines[i].begins.byte &&
                        (c->byte < now->lines[i].ends.byte || now->lines[i].ends.byte < 0);
            if (same && now->origin[i] != last) {
                last = now->origin[i];
                segment_print(fix, now, last, "  before  ");
                segment_print(fix, trial, last, "  after   ");
            }
        }
    }
}

static void question_print(struct fix *fix, const struct audit_finding *finding) {
    struct out *err = &fix->cli->err;
    OUT_TEXT(err, "\n");
    report_safe(err, fix_finding_id(fix, finding));
    OUT_TEXT(err, "  ");
    out_view(err, rule_severity_name(finding->severity));
    OUT_TEXT(err, "\n  ");
    report_safe(err, finding->message);
    OUT_TEXT(err, "\n");
    if (finding->fix.size > 0) {
        OUT_TEXT(err, "  fix     ");
        report_safe(err, finding->fix);
        OUT_TEXT(err, "\n");
    }
    lines_print(fix);
    fix_amounts(fix);
}

enum fix_answer fix_ask(struct fix *fix, const struct audit_finding *finding) {
    static const struct {
        char key;
        enum fix_answer answer;
        const char *word;
    } answers[] = {{'y', FIX_YES, "yes"},  {'n', FIX_NO, "no"},
                   {'a', FIX_ALL, "all"},  {'s', FIX_SKIP, "skip the claim"},
                   {'q', FIX_QUIT, "quit"}};
    struct out *err = &fix->cli->err;
    char key = 0;
    question_print(fix, finding);
    OUT_TEXT(err, "apply it? y yes, n no, a all of ");
    report_safe(err, finding->rule->id);
    OUT_TEXT(err, ", s skip the claim, q no more questions: ");
    out_flush(err);
    while (os_key(&key)) {
        for (ptrdiff_t i = 0; i < COUNT_OF(answers); i++) {
            if ((key | 0x20) == answers[i].key) {
                out_format(err, "%s\n", answers[i].word);
                out_flush(err);
                return answers[i].answer;
            }
        }
    }
    OUT_TEXT(err, "\n");
    return FIX_STOP;
}

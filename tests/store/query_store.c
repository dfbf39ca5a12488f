/* Answers questions to the starter store (or to the image named) read from standard input, a line
 * each, through the public lookups. check_starter.py asks for every row of the tables and compares
 * with its own choice of rows. Answers are tab-separated, "-" means none. */
#include <stdio.h>
#include <string.h>

#include "os/os.h"
#include "store/store.h"

#define WORDS_MAX 6

struct question {
    const struct store *store;
    struct out *out;
    struct view words[WORDS_MAX]; /* after the verb */
    struct store_when when;       /* the last two words */
};

static void put_code(struct question *q, struct code code) {
    char text[9];
    code_given(code) ? out_view(q->out, code_text(code, text)) : out_char(q->out, '-');
}

static void put_day(struct question *q, struct date date) {
    char text[11];
    out_char(q->out, '\t');
    date_given(date) ? out_view(q->out, date_text(date, text)) : out_char(q->out, '-');
}

static void put_int(struct question *q, int64_t value) {
    out_char(q->out, '\t');
    out_int(q->out, value);
}

static void put_text(struct question *q, struct view text) {
    out_char(q->out, '\t');
    text.size > 0 ? out_view(q->out, text) : out_char(q->out, '-');
}

static void put_proof(struct question *q, struct store_proof proof) {
    put_text(q, store_release(q->store, proof.release).name);
    put_day(q, proof.from);
    put_day(q, proof.to);
}

static uint32_t id_of(struct question *q, int word) {
    return store_code_id(q->store, code_from(q->words[word]));
}

static bool ask_label(struct question *q) {
    uint32_t id = id_of(q, 0);
    put_code(q, store_code(q->store, id));
    put_text(q, store_label(q->store, id));
    return id != STORE_NO_CODE;
}

static bool ask_ended(struct question *q) {
    struct store_ended row;
    if (!store_ended(q->store, id_of(q, 0), q->when, &row)) {
        return false;
    }
    put_code(q, row.replacement);
    put_day(q, row.last);
    put_text(q, store_release(q->store, row.proof.release).name);
    return true;
}

static bool ask_mpfs(struct question *q) {
    struct store_mpfs r;
    if (!store_mpfs(q->store, id_of(q, 0), code_from(q->words[1]), q->when, &r)) {
        return false;
    }
    out_format(q->out, "%c%c%s%c%c%c%c%c", r.status, r.pctc, r.global, r.multiple, r.bilateral,
               r.assistant, r.cosurgeon, r.team);
    out_format(q->out, "\t%s\t%s", r.na_nonfacility ? "NA" : "-", r.na_facility ? "NA" : "-");
    const int32_t values[] = {
        r.work,           r.pe_nonfacility, r.pe_facility, r.malpractice,   r.total_nonfacility,
        r.total_facility, r.conversion,     r.pre_percent, r.intra_percent, r.post_percent};
    for (int i = 0; i < COUNT_OF(values); i++) {
        put_int(q, values[i]);
    }
    out_char(q->out, '\t');
    put_code(q, r.endo_base);
    put_proof(q, r.proof);
    return true;
}

static bool ask_pair(struct question *q) {
    struct store_pair row;
    if (!store_pair(q->store, id_of(q, 0), id_of(q, 1), q->when, &row)) {
        return false;
    }
    out_char(q->out, row.indicator);
    put_proof(q, row.proof);
    return true;
}

static bool ask_pair_rows(struct question *q) {
    struct store_pair rows[16];
    int count = store_pair_rows(q->store, id_of(q, 0), id_of(q, 1), DATE_NONE, rows,
                                COUNT_OF(rows));
    out_int(q->out, count);
    for (int i = 0; i < count && i < COUNT_OF(rows); i++) {
        out_format(q->out, "\t%c", rows[i].indicator);
        put_proof(q, rows[i].proof);
    }
    return true;
}

static bool ask_mue(struct question *q) {
    struct store_mue row;
    if (!store_mue(q->store, id_of(q, 0), q->when, &row)) {
        return false;
    }
    out_format(q->out, "%d\t%c", (int)row.units, row.mai);
    put_proof(q, row.proof);
    return true;
}

static void put_addon(struct question *q, const struct store_addon *row) {
    row->primary == STORE_PRIMARY_CONTRACTOR ? OUT_TEXT(q->out, "CCCCC")
                                             : put_code(q, store_code(q->store, row->primary));
    out_format(q->out, "\t%c", row->type);
    put_proof(q, row->proof);
}

static bool ask_addon(struct question *q) {
    struct store_addon row;
    bool contractor = view_equal(q->words[1], VIEW("CCCCC"));
    uint32_t primary = contractor ? STORE_PRIMARY_CONTRACTOR : id_of(q, 1);
    if (!store_addon_primary(q->store, id_of(q, 0), primary, q->when, &row)) {
        return false;
    }
    put_addon(q, &row);
    return true;
}

static bool ask_addons(struct question *q) {
    struct store_addon row;
    int n = 0;
    for (; store_addon(q->store, id_of(q, 0), n, q->when, &row); n++) {
        n ? out_char(q->out, '\t') : (void)0;
        put_addon(q, &row);
    }
    return n > 0;
}

static bool ask_drug(struct question *q) {
    struct store_drug r;
    if (!store_drug(q->store, id_of(q, 0), q->when, &r)) {
        return false;
    }
    out_int(q->out, r.unit_thousandths);
    out_char(q->out, '\t');
    put_code(q, r.unit);
    out_format(q->out, "\t%d%d%d%d", r.anesthetic, r.contrast, r.payable, r.combination);
    put_proof(q, r.proof);
    return true;
}

static bool ask_family(struct question *q) {
    struct store_family r;
    if (!store_family(q->store, id_of(q, 0), &r)) {
        return false;
    }
    out_view(q->out, r.family);
    out_format(q->out, "\t%d\t%d\t%d%d%d%d%d%d\t", (int)r.region, (int)r.imaging, r.procedure,
               r.addon_level, r.paired, r.evaluation, r.laboratory, r.sedation);
    put_code(q, r.primary);
    put_proof(q, r.proof);
    return true;
}

static bool ask_set(struct question *q) {
    uint32_t id;
    bool found = false;
    for (int set = 0; set < store_code_set_count(q->store); set++) {
        for (int n = 0; view_equal(store_code_set_name(q->store, set), q->words[0]) &&
                        store_code_set_member(q->store, set, n, &id);
             n++) {
            n ? out_char(q->out, '\t') : (void)0;
            put_code(q, store_code(q->store, id));
            found = true;
        }
    }
    return found;
}

static bool ask_dx(struct question *q) {
    struct store_dx row;
    if (!store_dx(q->store, code_from(q->words[0]), q->when, &row)) {
        return false;
    }
    out_char(q->out, row.billable ? 'b' : 'h');
    put_proof(q, row.proof);
    return true;
}

static bool ask_region(struct question *q) {
    struct store_proof proof;
    enum store_region region = store_dx_region(q->store, code_from(q->words[0]), q->when, &proof);
    out_int(q->out, region);
    return region != REGION_NONE;
}

static bool ask_side(struct question *q) {
    struct store_proof proof;
    char side = store_dx_side(q->store, code_from(q->words[0]), q->when, &proof);
    out_char(q->out, side ? side : '-');
    return side != 0;
}

static bool ask_excludes(struct question *q) {
    struct view row;
    struct store_proof proof;
    if (!store_excludes1(q->store, code_from(q->words[0]), code_from(q->words[1]), q->when, &row,
                         &proof)) {
        return false;
    }
    put_text(q, row);
    put_proof(q, proof);
    return true;
}

static bool ask_modifier(struct question *q) {
    struct store_proof proof;
    uint32_t flags = store_modifier(q->store, code_from(q->words[0]), q->when, &proof);
    out_int(q->out, flags);
    if (flags) {
        put_proof(q, proof);
    }
    return flags != 0;
}

static bool ask_pos(struct question *q) {
    struct store_pos row;
    if (!store_pos(q->store, code_from(q->words[0]), q->when, &row)) {
        return false;
    }
    out_format(q->out, "%d%d", row.facility, row.hospital_outpatient_or_inpatient);
    put_proof(q, row.proof);
    return true;
}

static bool ask_payer(struct question *q) {
    struct store_payer r;
    if (!store_payer(q->store, q->words[0], &r)) {
        return false;
    }
    out_format(q->out, "%d%d\t%d\t%d\t%d", r.medicare, r.ncci, (int)r.bilateral,
               (int)r.timely_days, r.trial);
    return true;
}

static bool ask_payer_of(struct question *q) {
    struct view profile = store_payer_profile(q->store, q->words[0], code_from(q->words[1]));
    out_view(q->out, profile);
    return profile.size > 0;
}

static bool ask_releases(struct question *q) {
    for (int i = 0; i < store_release_count(q->store); i++) {
        struct store_release r = store_release(q->store, i);
        i ? out_char(q->out, '\t') : (void)0;
        out_view(q->out, r.table_name);
        put_text(q, r.name);
        put_day(q, r.effective);
        put_day(q, r.through);
        put_text(q, r.partial ? VIEW("yes") : VIEW("no"));
        put_text(q, r.source);
        put_text(q, r.sha256);
        put_text(q, r.note);
    }
    return true;
}

static const struct {
    const char *verb;
    bool (*ask)(struct question *q);
} verbs[] = {
    {"label", ask_label},
    {"ended", ask_ended},
    {"mpfs", ask_mpfs},
    {"pair", ask_pair},
    {"pair_rows", ask_pair_rows},
    {"mue", ask_mue},
    {"addon", ask_addon},
    {"addons", ask_addons},
    {"drug", ask_drug},
    {"family", ask_family},
    {"set", ask_set},
    {"dx", ask_dx},
    {"region", ask_region},
    {"side", ask_side},
    {"excludes", ask_excludes},
    {"modifier", ask_modifier},
    {"pos", ask_pos},
    {"payer", ask_payer},
    {"payer_of", ask_payer_of},
    {"releases", ask_releases},
};

static void answer(struct question *q, struct view line) {
    struct view verb = view_cut(&line, '\t');
    int count = 0;
    while (line.at && count < WORDS_MAX) {
        struct view word = view_cut(&line, '\t');
        q->words[count++] = view_equal(word, VIEW("-")) ? VIEW_NONE : word;
    }
    q->when = (struct store_when){DATE_NONE, DATE_NONE};
    if (count >= 2) {
        q->when.on = date_from_iso(q->words[count - 2]);
        q->when.as_of = date_from_iso(q->words[count - 1]);
    }
    for (int i = 0; i < COUNT_OF(verbs); i++) {
        if (view_equal(verb, view_of(verbs[i].verb)) && !verbs[i].ask(q)) {
            OUT_TEXT(q->out, " none");
        }
    }
    out_char(q->out, '\n');
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    struct view image = store_starter();
    struct out out;
    struct question q = {.out = &out};
    if ((count == 2 && os_map(arguments[1], &image, &diag)) ||
        store_open(&q.store, image, &arena, &diag)) {
        fprintf(stderr, "query_store: %s\n", diag.text);
        return STATUS_INPUT;
    }
    out_open(&out, os_stdout_sink, NULL);
    char line[512];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        answer(&q, view_of(line));
    }
    out_close(&out);
    arena_close(&arena);
    return out.failed ? STATUS_SYSTEM : STATUS_OK;
}

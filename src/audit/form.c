/* Both sides of a service can be written in several ways: 50, RT and LT, the units, and for
 * additional levels twice without 50 [ama-addon-50] [se1422]. Finds the services that a claim bills
 * for both sides and writes them in another form; what was done, and its charge, stays. */
#include "audit/form.h"
#include "audit/anatomy.h"
#include "audit/edits.h"

#define UNITS_MAX 100 /* of a line; no session has as many levels */

/* ---- which services ---------------------------------------------------------------------- */

static bool is_side_modifier(struct code modifier) {
    return code_equal(modifier, code_of("50")) || code_equal(modifier, code_of("RT")) ||
           code_equal(modifier, code_of("LT"));
}

/* A physician's service of one day with whole units: only its form can change. */
static bool is_usable(const struct audit_line *line) {
    int64_t milli = line->line->units.milli;
    return line_stands(line) && line->has_mpfs && !line->has_drug && line->line->units_known &&
           milli > 0 && milli <= UNITS_MAX * 1000 && milli % 1000 == 0 &&
           line_last(line).day == line->from.day &&
           !code_equal(line->line->unit_basis, code_of("MJ"));
}

static bool has_modifier(const struct claim_line *line, struct code modifier) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (code_equal(line->modifiers[i], modifier)) {
            return true;
        }
    }
    return false;
}

/* Every modifier of `a` that is no side stands on `b`. */
static bool modifiers_within(const struct claim_line *a, const struct claim_line *b) {
    for (int i = 0; i < a->modifier_count; i++) {
        if (!is_side_modifier(a->modifiers[i]) && !has_modifier(b, a->modifiers[i])) {
            return false;
        }
    }
    return true;
}

/* Two lines that differ in nothing but their side could be one. */
static bool are_alike(const struct audit_line *a, const struct audit_line *b) {
    return a->id == b->id && lines_together(a, b) && code_equal(a->pos, b->pos) &&
           a->line->units.milli == b->line->units.milli && is_usable(b) &&
           modifiers_within(a->line, b->line) && modifiers_within(b->line, a->line);
}

static const uint32_t side_flags = LINE_LEFT | LINE_RIGHT | LINE_50;

/* The line after this one that is its other side, or, of a line without a side, its twin. */
static int partner_find(const struct audit_pass *pass, const struct audit_line *line,
                        uint64_t taken) {
    uint32_t own = line->flags & side_flags;
    uint32_t wanted = own ? own ^ (LINE_LEFT | LINE_RIGHT) : 0;
    for (int i = line->index + 1; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (!(taken >> i & 1) && (other->flags & side_flags) == wanted && are_alike(line, other) &&
            (own || !line_located(other))) {
            return i;
        }
    }
    return -1;
}

/* Without a side, two can only be both sides where the code has a left and a right. */
static bool has_sides(const struct audit_line *line) {
    return line->has_family && line->family.paired && line->family.procedure &&
           line->mpfs.bilateral == '1' && !line_located(line);
}

static bool service_read(const struct audit_pass *pass, const struct audit_line *line,
                         uint64_t taken, struct form_service *service) {
    uint32_t sides = line->flags & (LINE_LEFT | LINE_RIGHT);
    int64_t units = line->line->units.milli / 1000;
    bool fifty = (line->flags & LINE_50) != 0;
    bool even = units % 2 == 0;
    service->first = line->index;
    service->second = -1;
    service->each = units;
    if (fifty) {
        service->written = sides ? WRITTEN_BOTH : WRITTEN_FIFTY;
        return true;
    }
    if (sides == (LINE_LEFT | LINE_RIGHT)) {
        service->written = WRITTEN_BOTH;
        service->each = even ? units / 2 : units;
        return even || units == 1;
    }
    if (sides || has_sides(line)) {
        service->second = partner_find(pass, line, taken);
        service->written = sides ? WRITTEN_SIDES : WRITTEN_LINES;
    }
    if (service->second < 0 && !sides && has_sides(line) && even) {
        service->written = WRITTEN_UNITS;
        service->each = units / 2;
        return true;
    }
    return service->second >= 0;
}

/* Levels of one session are written alike. */
static bool is_same_session(const struct audit_line *a, const struct audit_line *b) {
    return a->has_family && b->has_family && lines_together(a, b) &&
           a->family.region == b->family.region &&
           view_equal(a->family.family, b->family.family) && a->family.procedure &&
           b->family.procedure;
}

static int group_of(const struct audit_pass *pass, struct form_services *services,
                    const struct audit_line *line) {
    for (int i = 0; i < services->count; i++) {
        if (is_same_session(&pass->lines[services->at[i].first], line)) {
            return services->at[i].group;
        }
    }
    return services->group_count++;
}

void form_services_find(const struct audit_pass *pass, struct form_services *services) {
    uint64_t taken = 0;
    services->count = services->group_count = 0;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct form_service service = {0};
        struct store_mue mue;
        if ((taken >> i & 1) || !is_usable(line) || !service_read(pass, line, taken, &service)) {
            continue;
        }
        service.addon = line->has_family && line->family.addon_level;
        service.several = store_mue(pass->store, line->id, line->when, &mue) && mue.units > 1;
        service.bilateral = line->mpfs.bilateral;
        service.group = group_of(pass, services, line);
        taken |= LINE_BIT(i) | (service.second >= 0 ? LINE_BIT(service.second) : 0);
        services->at[services->count++] = service;
    }
}

uint64_t form_lines(const struct form_services *services, int group) {
    uint64_t lines = 0;
    for (int i = 0; i < services->count; i++) {
        const struct form_service *service = &services->at[i];
        if (service->group == group) {
            lines |= LINE_BIT(service->first);
            lines |= service->second >= 0 ? LINE_BIT(service->second) : 0;
        }
    }
    return lines;
}

int64_t form_levels(const struct audit_pass *pass, const struct form_services *services,
                    int group) {
    uint64_t counted = form_lines(services, group);
    const struct audit_line *member = &pass->lines[__builtin_ctzll(counted)];
    int64_t levels = 0;
    for (int i = 0; i < services->count; i++) {
        levels += services->at[i].group == group ? services->at[i].each : 0;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!(counted >> i & 1) && is_same_session(member, line) && !line_repeats(pass, line)) {
            levels += line->units > 0 ? line->units : 0;
        }
    }
    return levels;
}

/* ---- which forms ------------------------------------------------------------------------- */

enum form_written form_written(const struct form_service *service, enum audit_form form) {
    switch (form) {
    case AUDIT_FORM_FIFTY: return WRITTEN_FIFTY;
    case AUDIT_FORM_SIDES: return WRITTEN_SIDES;
    case AUDIT_FORM_UNITS: return WRITTEN_UNITS;
    case AUDIT_FORM_ADDON_UNITS: return service->addon ? WRITTEN_UNITS : WRITTEN_FIFTY;
    case AUDIT_FORM_ADDON_LINES: return service->addon ? WRITTEN_LINES : WRITTEN_FIFTY;
    case AUDIT_FORM_ONCE: return WRITTEN_ONCE;
    default: return service->written;
    }
}

bool form_applies(const struct form_services *services, int group, enum audit_form form) {
    bool addon = false;
    bool once = true;
    for (int i = 0; i < services->count; i++) {
        if (services->at[i].group == group) {
            addon |= services->at[i].addon;
            once &= services->at[i].bilateral == '2' && services->at[i].each == 1;
        }
    }
    return form == AUDIT_FORM_ONCE ? once
           : form == AUDIT_FORM_ADDON_UNITS || form == AUDIT_FORM_ADDON_LINES
               ? addon
               : form != AUDIT_FORM_OTHER;
}

enum audit_form form_billed(const struct form_services *services, int group) {
    for (int form = AUDIT_FORM_FIFTY; form < AUDIT_FORMS; form++) {
        bool same = form_applies(services, group, (enum audit_form)form);
        for (int i = 0; i < services->count && same; i++) {
            const struct form_service *service = &services->at[i];
            same = service->group != group ||
                   form_written(service, (enum audit_form)form) == service->written;
        }
        if (same) {
            return (enum audit_form)form;
        }
    }
    return AUDIT_FORM_OTHER;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* The side takes the place of the one that stood there, or comes first. */
static bool side_set(struct claim_line *line, struct code side) {
    struct code kept[CLAIM_MODIFIERS_MAX];
    int count = 0;
    int place = -1;
    for (int i = 0; i < line->modifier_count; i++) {
        if (!is_side_modifier(line->modifiers[i])) {
            kept[count++] = line->modifiers[i];
        } else if (place < 0) {
            place = count;
        }
    }
    place = place < 0 ? 0 : place;
    line->modifier_count = 0;
    for (int i = 0; i <= count; i++) {
        bool here = i == place && code_given(side);
        if (line->modifier_count + here + (i < count) > CLAIM_MODIFIERS_MAX) {
            return false;
        }
        if (here) {
            line->modifiers[line->modifier_count++] = side;
        }
        if (i < count) {
            line->modifiers[line->modifier_count++] = kept[i];
        }
    }
    return true;
}

/* The diagnoses that either line points to, in order; false when there are too many. */
static bool pointers_join(struct claim_line *line, const struct claim_line *other) {
    for (int i = 0; i < other->pointer_count; i++) {
        bool there = false;
        for (int j = 0; j < line->pointer_count; j++) {
            there |= line->pointers[j] == other->pointers[i];
        }
        if (!there && line->pointer_count == CLAIM_POINTERS_MAX) {
            return false;
        }
        if (!there) {
            line->pointers[line->pointer_count++] = other->pointers[i];
        }
    }
    line->pointers_known &= other->pointers_known;
    return true;
}

/* Both lines as one, with the charge of both. */
static bool service_join(const struct claim *claim, const struct form_service *service,
                         struct claim_line *whole) {
    *whole = claim->lines[service->first];
    if (service->second < 0) {
        return true;
    }
    const struct claim_line *other = &claim->lines[service->second];
    bool known = whole->charge_known && other->charge_known && money_given(whole->charge) &&
                 money_given(other->charge);
    int64_t cents = 0;
    if (known && __builtin_add_overflow(whole->charge.cents, other->charge.cents, &cents)) {
        return false;
    }
    whole->charge_known = known;
    whole->charge = MONEY_NONE;
    if (known) {
        whole->charge.cents = cents;
    }
    return pointers_join(whole, other);
}

static struct claim_line *line_put(struct claim *claim, const struct claim_line *line,
                                   struct code side, int64_t units, uint64_t *lines) {
    if (claim->line_count == CLAIM_LINES_MAX) {
        return NULL;
    }
    struct claim_line *put = &claim->lines[claim->line_count];
    *put = *line;
    put->units = (struct quantity){units * 1000};
    *lines |= LINE_BIT(claim->line_count);
    claim->line_count++;
    return side_set(put, side) ? put : NULL;
}

static bool one_put(struct claim *made, const struct claim *claim,
                    const struct form_service *service, struct code side, int64_t units,
                    uint64_t *lines) {
    struct claim_line whole;
    return service_join(claim, service, &whole) && line_put(made, &whole, side, units, lines);
}

/* Two lines keep what each of them had; of one line each gets half the charge, and the first the
 * odd cent. */
static bool two_put(struct claim *made, const struct claim *claim,
                    const struct form_service *service, const struct code sides[2],
                    uint64_t *lines) {
    const struct claim_line *first = &claim->lines[service->first];
    const struct claim_line *second =
        &claim->lines[service->second >= 0 ? service->second : service->first];
    if (has_modifier(first, code_of("LT")) && service->second >= 0) {
        const struct claim_line *left = first;
        first = second;
        second = left;
    }
    struct claim_line *a = line_put(made, first, sides[0], service->each, lines);
    struct claim_line *b = a ? line_put(made, second, sides[1], service->each, lines) : NULL;
    if (b && service->second < 0 && money_given(first->charge)) {
        b->charge.cents = first->charge.cents / 2;
        a->charge.cents = first->charge.cents - b->charge.cents;
    }
    return b != NULL;
}

static bool service_put(struct claim *made, const struct claim *claim,
                        const struct form_service *service, enum form_written written,
                        uint64_t *lines) {
    static const struct code bare[2] = {{0}, {0}};
    const struct code sides[2] = {code_of("RT"), code_of("LT")};
    switch (written) {
    case WRITTEN_FIFTY:
        return one_put(made, claim, service, code_of("50"), service->each, lines);
    case WRITTEN_UNITS:
        return one_put(made, claim, service, CODE_NONE, 2 * service->each, lines);
    case WRITTEN_ONCE:
        return one_put(made, claim, service, CODE_NONE, service->each, lines);
    case WRITTEN_SIDES:
        return two_put(made, claim, service, sides, lines);
    default:
        return two_put(made, claim, service, bare, lines);
    }
}

/* The service of the group that has the line; NULL: it stays as it is. */
static const struct form_service *service_at(const struct form_services *services, int group,
                                             int index) {
    for (int i = 0; i < services->count; i++) {
        const struct form_service *service = &services->at[i];
        if (service->group == group && (service->first == index || service->second == index)) {
            return service;
        }
    }
    return NULL;
}

struct claim *form_make(const struct claim *claim, const struct form_services *services, int group,
                        enum audit_form form, struct arena *arena, uint64_t *lines) {
    struct claim *made = claim_copy(claim, arena);
    bool room = made != NULL;
    *lines = 0;
    if (made) {
        made->line_count = 0;
    }
    for (int i = 0; i < claim->line_count && room; i++) {
        const struct form_service *service = service_at(services, group, i);
        if (service && service->first == i) {
            room = service_put(made, claim, service, form_written(service, form), lines);
        } else if (!service && made->line_count < CLAIM_LINES_MAX) {
            made->lines[made->line_count++] = claim->lines[i];
        } else {
            room = service != NULL;
        }
    }
    for (int i = 0; room && i < made->line_count; i++) {
        made->lines[i].number = i + 1;
    }
    return room ? made : NULL;
}

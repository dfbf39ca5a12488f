/* A published amount file against the formula: every row, to the cent. */
#include "price/price_internal.h"

/* A day on which the row holds and the store has a fee for its code: a store may have only a later
 * quarter of the year. */
static struct date row_day(const struct store *store, const struct store_payment_row *row,
                           struct date as_of) {
    struct date first = date_given(row->proof.from)
                            ? row->proof.from
                            : store_release(store, row->proof.release).effective;
    uint32_t id = store_code_id(store, row->code);
    for (int days = 0; days < 366; days += 92) { /* one in each quarter */
        struct store_when when = {{first.day + days}, as_of};
        struct store_mpfs mpfs;
        if (date_given(row->proof.to) && when.on.day > row->proof.to.day) {
            break;
        }
        if (id != STORE_NO_CODE && store_mpfs(store, id, row->modifier, when, &mpfs)) {
            return when.on;
        }
    }
    return first;
}

static struct money formula(const struct store *store, const struct price_published *row,
                            struct store_when when) {
    struct store_locality locality;
    struct store_mpfs mpfs;
    uint32_t id = store_code_id(store, row->code);
    if (id == STORE_NO_CODE || !store_mpfs(store, id, row->modifier, when, &mpfs) ||
        !store_locality(store, row->carrier, row->locality, when, &locality)) {
        return MONEY_NONE;
    }
    struct price_fee fee = {.work = mpfs.work,
                            .expense = row->facility ? mpfs.pe_facility : mpfs.pe_nonfacility,
                            .malpractice = mpfs.malpractice,
                            .work_gpci = locality.work,
                            .expense_gpci = locality.practice_expense,
                            .malpractice_gpci = locality.malpractice,
                            .conversion = mpfs.conversion};
    return (struct money){fee_capped(store, row->code, row->modifier, &locality, row->facility,
                                     when, price_fee_cents(&fee))};
}

static int64_t row_check(const struct store *store, struct price_published *row,
                         struct store_when when, price_differs *differs, void *context) {
    if (!money_given(row->published)) {
        return 0;
    }
    row->ours = formula(store, row, when);
    if (row->ours.cents != row->published.cents) {
        differs(context, row);
    }
    return 1;
}

int64_t price_check_published(const struct store *store, struct date as_of,
                              price_differs *differs, void *context) {
    int64_t checked = 0;
    struct store_payment_row found;
    for (uint32_t i = 0; store_payment_at(store, i, &found); i++) {
        struct store_when when = {row_day(store, &found, as_of), as_of};
        struct price_published row = {.code = found.code,
                                      .modifier = found.modifier,
                                      .carrier = found.carrier,
                                      .locality = found.locality,
                                      .published = found.nonfacility};
        checked += row_check(store, &row, when, differs, context);
        row.facility = true;
        row.published = found.facility;
        checked += row_check(store, &row, when, differs, context);
    }
    return checked;
}

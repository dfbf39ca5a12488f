/* gen837: claims as 005010X222A1 segments, with `*`, `:`, `^`, `~` and a line end. */
#include "gen.h"

#define INTERCHANGE "000000837"

static void put(struct gen_file *file, const char *text) { out_view(file->out, view_of(text)); }

static void put_int(struct gen_file *file, int64_t value) { out_int(file->out, value); }

static void put_date(struct gen_file *file, struct date date) {
    int year, month, day;
    date_to_ymd(date, &year, &month, &day);
    char text[9];
    int value = year * 10000 + month * 100 + day;
    for (int i = 7; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
    out_view(file->out, (struct view){text, 8});
}

static void end(struct gen_file *file) {
    OUT_TEXT(file->out, "~\n");
    file->segments++;
}

static void segment(struct gen_file *file, const char *text) {
    put(file, text);
    end(file);
}

/* "NM1*82*1*LAST*FIRST****XX*NPI": `head` up to the element before the last name. */
static void name_write(struct gen_file *file, const char *head, const char *last,
                       const char *first, const char *qualifier, const char *id) {
    put(file, head);
    put(file, last);
    out_char(file->out, '*');
    put(file, first);
    put(file, "****");
    put(file, qualifier);
    put(file, id);
    end(file);
}

static void address_write(struct gen_file *file, int street, const struct gen_place *place) {
    put(file, "N3*");
    put_int(file, street);
    put(file, " MAIN ST");
    end(file);
    put(file, "N4*");
    put(file, place->city);
    out_char(file->out, '*');
    put(file, place->state);
    out_char(file->out, '*');
    put(file, place->zip);
    put(file, "9998");
    end(file);
}

static void level_write(struct gen_file *file, int64_t parent, const char *rest) {
    put(file, "HL*");
    put_int(file, ++file->level);
    out_char(file->out, '*');
    if (parent) {
        put_int(file, parent);
    }
    put(file, rest);
    end(file);
}

void file_begin(struct gen_file *file) {
    segment(file, "ISA*00*          *00*          *ZZ*SUBMITTER01    *ZZ*RECEIVER01     "
                  "*261001*0800*^*00501*" INTERCHANGE "*0*T*:");
}

/* Every transaction has a group of its own, so that both carry the day on which it was sent. */
void file_end(struct gen_file *file) {
    put(file, "IEA*");
    put_int(file, file->transactions);
    segment(file, "*" INTERCHANGE);
}

void transaction_begin(struct gen_file *file, struct date sent) {
    int64_t number = 1000 + ++file->transactions;
    put(file, "GS*HC*SUBMITTER01*RECEIVER01*");
    put_date(file, sent);
    put(file, "*0800*");
    put_int(file, number);
    segment(file, "*X*005010X222A1");
    file->segments = 0;
    file->level = 0;
    put(file, "ST*837*");
    put_int(file, number);
    segment(file, "*005010X222A1");
    put(file, "BHT*0019*00*B");
    put_int(file, number);
    out_char(file->out, '*');
    put_date(file, sent);
    segment(file, "*0800*CH");
    segment(file, "NM1*41*2*PAIN BILLING SERVICE*****46*SUBMITTER01");
    segment(file, "PER*IC*EDI DESK*TE*8005550100");
    segment(file, "NM1*40*2*CLEARINGHOUSE*****46*RECEIVER01");
}

void transaction_end(struct gen_file *file) {
    int64_t number = 1000 + file->transactions;
    put(file, "SE*");
    put_int(file, file->segments + 1);
    out_char(file->out, '*');
    put_int(file, number);
    end(file);
    put(file, "GE*1*");
    put_int(file, number);
    end(file);
}

void practice_write(struct gen_file *file, const struct gen_practice *practice) {
    level_write(file, 0, "*20*1");
    file->practice_level = file->level;
    segment(file, "PRV*BI*PXC*208VP0014X");
    put(file, "NM1*85*2*ADVANCED PAIN CENTER ");
    put_int(file, practice->number);
    put(file, "*****XX*");
    segment(file, practice->npi);
    address_write(file, practice->street, &practice->place);
    put(file, "REF*EI*");
    segment(file, practice->tin);
    segment(file, "PER*IC*BILLING OFFICE*TE*8005550101*FX*8005550102");
}

static void demographics_write(struct gen_file *file, const struct gen_person *person) {
    address_write(file, person->street, &person->place);
    put(file, "DMG*D8*");
    put_date(file, person->birth);
    out_char(file->out, '*');
    out_char(file->out, person->sex);
    end(file);
}

/* Loops 2000B to 2010BB, and 2000C for a dependent. */
static void patient_write(struct gen_file *file, const struct gen_person *person) {
    level_write(file, file->practice_level, person->dependent ? "*22*1" : "*22*0");
    const char *subscriber = person->medicare ? "SBR*P*18*******" : "SBR*P*18*GROUP1******";
    put(file, person->dependent ? "SBR*P**GROUP1******" : subscriber);
    segment(file, person->payer->filing);
    name_write(file, "NM1*IL*1*", person->last,
               person->dependent ? person->subscriber : person->first, "MI*", person->member);
    if (!person->dependent) {
        demographics_write(file, person);
    }
    put(file, "NM1*PR*2*");
    put(file, person->payer->name);
    put(file, "*****PI*");
    segment(file, person->payer->id);
    segment(file, "N3*PO BOX 10000");
    segment(file, "N4*PHOENIX*AZ*850720001");
    if (person->dependent) {
        level_write(file, file->level, "*23*0");
        segment(file, "PAT*19");
        put(file, "NM1*QC*1*");
        put(file, person->last);
        out_char(file->out, '*');
        segment(file, person->first);
        demographics_write(file, person);
    }
}

static void diagnoses_write(struct gen_file *file, const struct gen_claim *claim) {
    put(file, "HI");
    for (int i = 0; i < claim->diagnosis_count; i++) {
        put(file, i == 0 ? "*ABK:" : "*ABF:");
        put(file, claim->diagnoses[i]);
    }
    end(file);
}

static void service_write(struct gen_file *file, const struct gen_line *line) {
    put(file, "SV1*HC:");
    put(file, line->code);
    for (int i = 0; i < line->modifier_count; i++) {
        out_char(file->out, ':');
        put(file, line->modifiers[i]);
    }
    out_char(file->out, '*');
    put_int(file, line->dollars);
    put(file, "*UN*");
    put_int(file, line->units);
    put(file, "***");
    for (int i = 0; i < line->pointer_count; i++) {
        if (i > 0) {
            out_char(file->out, ':');
        }
        put_int(file, line->pointers[i]);
    }
    end(file);
}

static bool is_alpha(char c) { return c >= 'A' && c <= 'Z'; }

static void line_write(struct gen_file *file, const struct gen_claim *claim, int index,
                       const char *name) {
    const struct gen_line *line = &claim->lines[index];
    put(file, "LX*");
    put_int(file, index + 1);
    end(file);
    service_write(file, line);
    put(file, "DTP*472*D8*");
    if (line->date_bad) {
        put(file, "20260230");
    } else {
        put_date(file, claim->on);
    }
    end(file);
    put(file, "REF*6R*");
    put(file, name);
    out_char(file->out, 'L');
    put_int(file, index + 1);
    end(file);
    if (!is_alpha(line->code[0])) {
        segment(file, "NTE*ADD*SEE PROCEDURE NOTE OF THE SAME DAY");
    }
    if (line->ndc[0]) {
        put(file, "LIN**N4*");
        segment(file, line->ndc);
        segment(file, "CTP****1*ML");
    }
}

/* The surgery center where a facility claim was done. */
static void center_write(struct gen_file *file, const struct gen_practice *practice) {
    put(file, "NM1*77*2*SURGERY CENTER ");
    put_int(file, practice->number);
    put(file, "*****XX*");
    segment(file, practice->center_npi);
    address_write(file, practice->street + 1, &practice->place);
}

/* Segments of loop 2300 between CLM and HI. */
static void claim_facts_write(struct gen_file *file, const struct gen_claim *claim,
                              const char *name) {
    put(file, "DTP*431*D8*");
    put_date(file, (struct date){claim->on.day - claim->onset_days});
    end(file);
    if (claim->authorized) {
        put(file, "REF*G1*AUTH");
        segment(file, name + 2);
    }
    if (claim->lines[claim->line_count - 1].code[0] == '8') {
        segment(file, "REF*X4*99D0000001");
    }
    put(file, "REF*D9*");
    segment(file, name);
    put(file, "REF*EA*MRN");
    segment(file, name + 2);
    segment(file, "NTE*ADD*CONSERVATIVE CARE AND FUNCTION SCORES ARE IN THE RECORD");
    diagnoses_write(file, claim);
}

void claim_write(struct gen_file *file, const struct gen_claim *claim) {
    char name[14];
    claim_name(claim->ordinal, name);
    patient_write(file, &claim->person);
    put(file, "CLM*");
    put(file, name);
    out_char(file->out, '*');
    put_int(file, claim->dollars + claim->dollars_wrong);
    put(file, "***");
    put(file, claim->place);
    put(file, ":B:");
    out_char(file->out, claim->frequency);
    segment(file, "*Y*A*Y*Y");
    claim_facts_write(file, claim, name);
    if (claim->referring) {
        name_write(file, "NM1*DN*1*", claim->referring->last, claim->referring->first, "XX*",
                   claim->referring->npi);
    }
    name_write(file, "NM1*82*1*", claim->doctor->last, claim->doctor->first, "XX*",
               claim->rendering_npi);
    put(file, "PRV*PE*PXC*");
    segment(file, claim->taxonomy);
    if (claim->facility) {
        center_write(file, claim->practice);
    }
    for (int i = 0; i < claim->line_count; i++) {
        line_write(file, claim, i, name);
    }
}

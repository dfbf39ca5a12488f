/* Columns of the sheets. Keys stand first; the unit of a number is in its name or the comment. */
#include "store/store.h"

#define KEY_CODE(name, key) {name, CELL_CODE, 0, key}
#define KEY_WIDE(name) {name, CELL_WIDE, 0, 1}
#define KEY_NUMBER(name, key) {name, CELL_NUMBER, 0, key}
#define CODE(name) {name, CELL_CODE, 0, 0}
#define NUMBER(name, decimals) {name, CELL_NUMBER, decimals, 0}
#define DAY(name) {name, CELL_DAY, 0, 0}
#define CHARACTER(name) {name, CELL_CHAR, 0, 0}
#define TEXT(name) {name, CELL_TEXT, 0, 0}

static const struct store_column mue[] = {
    KEY_CODE("code", 1), NUMBER("units", 0), CHARACTER("mai")};
static const struct store_column mpfs_qpp[] = {
    KEY_CODE("code", 1), KEY_CODE("modifier", 2), NUMBER("conversion", 4)};
static const struct store_column gpci[] = {
    KEY_CODE("carrier", 1), KEY_CODE("locality", 2), TEXT("state"), TEXT("name"),
    NUMBER("work", 3), NUMBER("practice_expense", 3), NUMBER("malpractice", 3)};
static const struct store_column locality[] = {
    KEY_CODE("carrier", 1), KEY_CODE("locality", 2), TEXT("state"), TEXT("area"),
    TEXT("counties")};
static const struct store_column zip_locality[] = {
    KEY_CODE("zip", 1), TEXT("state"), CODE("carrier"), CODE("locality"), CHARACTER("rural"),
    CHARACTER("plus_four")};
static const struct store_column opps_cap[] = {
    KEY_CODE("code", 1), KEY_CODE("carrier_locality", 2), CODE("modifier"), CHARACTER("status"),
    NUMBER("facility", 2), NUMBER("nonfacility", 2)};
static const struct store_column anesthesia[] = {
    KEY_CODE("carrier", 1), KEY_CODE("locality", 2), TEXT("name"), NUMBER("conversion", 2),
    NUMBER("national", 4)};
static const struct store_column payment[] = {
    KEY_CODE("code", 1), KEY_CODE("carrier_locality", 2), CODE("modifier"),
    NUMBER("nonfacility", 2), NUMBER("facility", 2)};
static const struct store_column hcpcs[] = {
    KEY_CODE("code", 1), DAY("added"), DAY("ended"), CHARACTER("coverage"), CHARACTER("action"),
    DAY("action_effective"), TEXT("label")};
static const struct store_column asp[] = {
    KEY_CODE("code", 1), TEXT("dosage"), NUMBER("limit", 3), NUMBER("coinsurance_percent", 3),
    TEXT("note")};
static const struct store_column ndc_hcpcs[] = {
    KEY_NUMBER("ndc11", 1), CODE("code"), TEXT("label"), TEXT("dosage"), TEXT("package"),
    TEXT("package_quantity"), NUMBER("billing_units", 3), NUMBER("container_units", 3)};
static const struct store_column nppes[] = {
    KEY_NUMBER("npi", 1), CHARACTER("entity"), TEXT("taxonomy"), TEXT("state"),
    DAY("deactivated"), DAY("reactivated")};
static const struct store_column taxonomy[] = {
    KEY_WIDE("taxonomy"), TEXT("section"), TEXT("grouping"), TEXT("classification"),
    TEXT("specialization")};
static const struct store_column specialty[] = {KEY_WIDE("taxonomy"), TEXT("specialty"),
                                                TEXT("supplier")};
static const struct store_column pos_list[] = {KEY_CODE("pos", 1), TEXT("name"),
                                               CHARACTER("facility")};
static const struct store_column adjustment[] = {
    KEY_CODE("kind", 1), KEY_CODE("code", 2), TEXT("text"), DAY("start"), DAY("end")};
static const struct store_column lcd_index[] = {
    KEY_CODE("document", 1), TEXT("kind"), NUMBER("version", 0), TEXT("contractor"),
    DAY("effective"), DAY("retired"), TEXT("url")};
static const struct store_column covered_dx[] = {
    KEY_CODE("article", 1), KEY_CODE("diagnosis", 2), NUMBER("group", 0)};
static const struct store_column payment_rule[] = {KEY_WIDE("rule"), NUMBER("value", 4),
                                                   TEXT("unit"), TEXT("source"), TEXT("status")};

#define COLUMNS(table, list) [(table)-STORE_FIRST_SHEET] = {list, (int)COUNT_OF(list)}
static const struct {
    const struct store_column *columns;
    int count;
} sheets[STORE_TABLES - STORE_FIRST_SHEET] = {
    COLUMNS(STORE_MUE_HOSPITAL, mue),
    COLUMNS(STORE_MUE_DME, mue),
    COLUMNS(STORE_MPFS_QPP, mpfs_qpp),
    COLUMNS(STORE_GPCI, gpci),
    COLUMNS(STORE_LOCALITY, locality),
    COLUMNS(STORE_ZIP, zip_locality),
    COLUMNS(STORE_OPPS_CAP, opps_cap),
    COLUMNS(STORE_ANESTHESIA, anesthesia),
    COLUMNS(STORE_PAYMENT, payment),
    COLUMNS(STORE_HCPCS_CODE, hcpcs),
    COLUMNS(STORE_HCPCS_MODIFIER, hcpcs),
    COLUMNS(STORE_ASP, asp),
    COLUMNS(STORE_NDC, ndc_hcpcs),
    COLUMNS(STORE_NPPES, nppes),
    COLUMNS(STORE_TAXONOMY, taxonomy),
    COLUMNS(STORE_SPECIALTY, specialty),
    COLUMNS(STORE_POS_LIST, pos_list),
    COLUMNS(STORE_ADJUSTMENT, adjustment),
    COLUMNS(STORE_LCD, lcd_index),
    COLUMNS(STORE_COVERED_DX, covered_dx),
    COLUMNS(STORE_PAYMENT_RULE, payment_rule),
};

const struct store_column *store_sheet_columns(enum store_table table, int *count) {
    if ((unsigned)table < STORE_FIRST_SHEET || (unsigned)table >= STORE_TABLES) {
        *count = 0;
        return NULL;
    }
    *count = sheets[table - STORE_FIRST_SHEET].count;
    return sheets[table - STORE_FIRST_SHEET].columns;
}

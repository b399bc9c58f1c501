/* From CSV to records: one dialect, and every departure from it named by line and column. */
#include "schema/csv.h"

#include "base/must.h"

#include <stdlib.h>

struct table {
    const struct record *record;
    struct text body;
    size_t at;
    uint32_t line; /* of `at`, from 1 */
    size_t column_count;
    const struct slot *columns[SLOTS_MAX];
    struct buf arena; /* unquoted cells and unescaped items; never grows once reading begins */
    struct faults *why;
};

enum cell_end { CELL_NEXT, CELL_LINE, CELL_FILE, CELL_BROKEN };

static enum cell_end broken(struct table *table, const char *complaint)
{
    table->why->line = table->line;
    faults_add(table->why, ERR_BAD_INPUT, "", "%s", complaint);
    return CELL_BROKEN;
}

/* A quoted cell whose opening quote has been passed; "" inside stands for one quote. */
static bool read_quoted(struct table *table, struct text *ret_cell)
{
    char *to = table->arena.at + table->arena.len;
    size_t len = 0;
    for (; table->at < table->body.len; table->at++) {
        char c = table->body.at[table->at];
        bool quote = c == '"';
        if (quote && table->at + 1 < table->body.len && table->body.at[table->at + 1] == '"') {
            table->at++;
        } else if (quote) {
            table->at++;
            table->arena.len += len;
            *ret_cell = (struct text){to, len};
            return true;
        }
        table->line += c == '\n';
        to[len++] = c;
    }
    return false;
}

static enum cell_end read_cell(struct table *table, struct text *ret_cell)
{
    struct text body = table->body;
    if (table->at < body.len && body.at[table->at] == '"') {
        table->at++;
        if (!read_quoted(table, ret_cell))
            return broken(table, "a quote is opened and never closed");
        if (table->at < body.len && body.at[table->at] != ',' && body.at[table->at] != '\n' &&
            body.at[table->at] != '\r')
            return broken(table, "text follows a closing quote: a quote inside quotes is doubled");
    } else {
        size_t start = table->at;
        while (table->at < body.len && body.at[table->at] != ',' && body.at[table->at] != '\n' &&
               body.at[table->at] != '\r') {
            if (body.at[table->at] == '"')
                return broken(table, "a quote stands inside a cell that does not begin with one");
            table->at++;
        }
        *ret_cell = (struct text){body.at + start, table->at - start};
    }
    if (table->at == body.len)
        return CELL_FILE;
    if (body.at[table->at] == '\r')
        return broken(table, "the line ends in CR: save the file with LF line ends");
    return body.at[table->at++] == ',' ? CELL_NEXT : CELL_LINE;
}

static void add_column(struct table *table, struct text name)
{
    size_t hint = 0;
    const struct slot *slot = record_find(table->record, name, &hint);
    struct faults *why = table->why;
    for (size_t i = 0; slot && i < table->column_count; i++)
        if (table->columns[i] == slot)
            faults_add(why, ERR_INVALID, slot->field->name, "the column comes twice");
    if (!slot)
        faults_add(why, ERR_INVALID, "", "\"%.*s\" is not a column here", TEXT_ARG(name));
    if (table->column_count < SLOTS_MAX)
        table->columns[table->column_count++] = slot;
}

static void require_columns(struct table *table)
{
    const struct slots *slots = record_slots(table->record);
    table->why->column = 0;
    for (size_t i = 0; i < slots->count; i++) {
        bool there = slots->at[i].field->needed != REQUIRED;
        for (size_t c = 0; c < table->column_count && !there; c++)
            there = table->columns[c] == &slots->at[i];
        if (!there)
            faults_add(table->why, ERR_INVALID, slots->at[i].field->name, "the column is missing");
    }
}

static enum err read_header(struct table *table)
{
    struct text body = table->body, cell = {0};
    struct faults *why = table->why;
    why->line = 1;
    if (text_starts(body, TEXT_LITERAL("\xEF\xBB\xBF"))) {
        why->column = 1;
        return faults_add(why, ERR_BAD_INPUT, "",
            "the file begins with a byte order mark: save it as UTF-8 without one");
    }
    struct text first = {body.at, text_find(body, '\n')};
    if (first.len && text_find(first, ',') == first.len && text_find(first, ';') < first.len) {
        why->column = (uint32_t)text_find(first, ';') + 1;
        return faults_add(
            why, ERR_BAD_INPUT, "", "columns are divided by semicolons: save the file with commas");
    }
    enum cell_end end;
    do {
        why->column = (uint32_t)table->column_count + 1;
        end = read_cell(table, &cell);
        if (end == CELL_BROKEN)
            return faults_err(why);
        add_column(table, cell);
    } while (end == CELL_NEXT);
    table->line++;
    require_columns(table);
    return faults_err(why);
}

static void read_value(struct table *table, size_t column, struct text cell, void *value)
{
    if (cell.len == 0)
        return;
    (void)!slot_read_text(table->columns[column], cell, &table->arena, value, table->why);
}

/* Puts the column of the named member into the faults that the rules have added. */
static void place_faults(struct table *table, uint32_t from)
{
    for (uint32_t i = from; i < faults_kept(table->why); i++) {
        struct fault *fault = &table->why->kept[i];
        size_t skip = strlen(table->why->prefix);
        for (size_t c = 0; c < table->column_count && fault->column == 0; c++) {
            struct text name = table->columns[c]->name;
            const char *member = fault->member + skip;
            if (strncmp(member, name.at, name.len) == 0 &&
                (member[name.len] == '\0' || member[name.len] == '/'))
                fault->column = (uint32_t)c + 1;
        }
    }
}

/* Reads one line into `value`; false when the rest of the file cannot be trusted. */
static bool read_row(struct table *table, void *value, bool *ret_last, bool *ret_fine)
{
    struct faults *why = table->why;
    uint32_t before = why->total;
    why->line = table->line;
    memset(value, 0, table->record->size);
    size_t column = 0;
    enum cell_end end;
    do {
        struct text cell = {0};
        why->column = (uint32_t)column + 1;
        end = read_cell(table, &cell);
        if (end == CELL_BROKEN)
            return false;
        if (column < table->column_count)
            read_value(table, column, cell, value);
        column++;
    } while (end == CELL_NEXT);
    why->column = 0;
    if (column != table->column_count)
        faults_add(why, ERR_INVALID, "", "the line has %zu cells, the header %zu", column,
            table->column_count);
    else if (why->total == before && record_check(table->record, value, why) != OK)
        place_faults(table, before);
    table->line++;
    *ret_last = end == CELL_FILE || table->at == table->body.len;
    *ret_fine = why->total == before;
    return true;
}

static enum err read_rows(
    struct table *table, size_t most_rows, void *value, csv_on_row *row, void *owner)
{
    struct faults *why = table->why;
    bool last = table->at >= table->body.len;
    size_t rows = 0;
    if (last)
        return faults_add(why, ERR_INVALID, "", "there are no rows below the header");
    while (!last) {
        bool fine = false;
        uint32_t line = table->line;
        if (rows++ == most_rows)
            return faults_add(why, ERR_INVALID, "", "there are more than %zu rows", most_rows);
        table->arena.len = 0;
        if (!read_row(table, value, &last, &fine))
            break;
        why->line = line;
        if (fine)
            row(owner, value, why);
    }
    return faults_err(why);
}

enum err csv_read(const struct record *record, struct text body, size_t most_rows, csv_on_row *row,
    void *owner, struct faults *why)
{
    struct table table = {.record = record, .body = body, .line = 1, .why = why};
    table.arena = BUF(2 * body.len + 1);
    void *value = malloc(record->size);
    if (!value || !buf_reserve(&table.arena, 2 * body.len + 1)) {
        free(value);
        return faults_add(why, ERR_UNAVAILABLE, "", "there is no memory for the file");
    }
    enum err err = read_header(&table);
    if (err == OK)
        err = read_rows(&table, most_rows, value, row, owner);
    why->line = why->column = 0;
    free(value);
    buf_free(&table.arena);
    return err;
}

/* Statements, and canonical JSON of any record: bytes are refused by name, or they are the only
 * bytes of what they say. The first byte chooses: 0 a statement, else the record of these packed
 * bytes. */
#include "base/must.h"
#include "proof/statement.h"
#include "schema/jcs.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_statement(struct text bytes, struct faults *why)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf again = BUF(1u << 16);
    struct statement statement;
    enum err err = statement_read(bytes, &document, &statement, why);
    must((err == OK) == (why->total == 0));
    if (err != OK)
        return;
    must(statement_write(&again, &statement, why) == OK);
    must(text_equal(buf_as_text(&again), bytes));
}

/* What is a record by its rules and can be shown at all is also written canonically, and reads
 * back as the same record. */
static void write_record(const struct record *record, struct text packed, struct faults *why)
{
    BUF_CLEANUP struct buf canonical = BUF(1u << 22), first = BUF(1u << 22), again = BUF(1u << 22);
    JSON_CLEANUP struct json_document document = {0};
    void *value = calloc(1, record->size);
    must(value);
    bool written = jcs_write(record, packed, &canonical);
    if (written && pack_read(record, packed, PACK_REFUSE, value, why) == OK) {
        pack_write(record, value, &first);
        memset(value, 0, record->size);
        enum err err = json_read(record, buf_as_text(&canonical), &document, value, why);
        for (uint32_t i = 0; i < faults_kept(why); i++) /* DATA is shown, but not read */
            must(strstr(why->kept[i].detail, "cannot be given in JSON"));
        if (err == OK) {
            pack_write(record, value, &again);
            must(text_equal(buf_as_text(&first), buf_as_text(&again)));
        }
    }
    free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    if (size < 2)
        return 0;
    faults_clear(&why);
    if (data[0] == 0)
        read_statement((struct text){(const char *)data + 1, size - 1}, &why);
    else
        write_record(chance_pick(data[1]), (struct text){(const char *)data + 2, size - 2}, &why);
    return 0;
}

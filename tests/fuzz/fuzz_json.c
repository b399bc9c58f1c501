/* The JSON body: any text is refused by name, or is a record that comes back the same. The first
 * byte chooses the record. */
#include "base/must.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_again(const struct record *record, void *value)
{
    static struct faults why;
    BUF_CLEANUP struct buf packed = BUF(1u << 22), json = BUF(1u << 22), again = BUF(1u << 22);
    JSON_CLEANUP struct json_document document = {0};
    pack_write(record, value, &packed);
    must(json_write(record, buf_as_text(&packed), &json));
    memset(value, 0, record->size);
    faults_clear(&why);
    must(json_read(record, buf_as_text(&json), &document, value, &why) == OK);
    pack_write(record, value, &again);
    must(text_equal(buf_as_text(&packed), buf_as_text(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    if (size < 1)
        return 0;
    const struct record *record = chance_pick(data[0]);
    JSON_CLEANUP struct json_document document = {0};
    void *value = calloc(1, record->size);
    must(value);
    faults_clear(&why);
    enum err err =
        json_read(record, (struct text){(const char *)data + 1, size - 1}, &document, value, &why);
    must((err == OK) == (why.total == 0));
    if (err == OK)
        same_again(record, value);
    free(value);
    return 0;
}

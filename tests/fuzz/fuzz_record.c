/* The record decoder: any bytes are refused, or are a record that every encoding can carry. The
 * first byte chooses the record. */
#include "base/must.h"
#include "schema/csv.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    if (size < 1)
        return 0;
    const struct record *record = chance_pick(data[0]);
    struct text packed = {(const char *)data + 1, size - 1};
    BUF_CLEANUP struct buf out = BUF(1u << 22), again = BUF(1u << 22);
    void *value = malloc(record->size);
    must(value);
    faults_clear(&why);
    enum err trusted = pack_read_trusted(record, packed, value, &why);
    must((trusted == OK) == (why.total == 0));
    faults_clear(&why);
    enum err err = pack_read(record, packed, PACK_SKIP, value, &why);
    must(err != OK || trusted == OK);
    must((err == OK) == (why.total == 0));
    if (err == OK) {
        pack_write(record, value, &out);
        must(!out.full);
        faults_clear(&why);
        must(pack_read(record, buf_as_text(&out), PACK_REFUSE, value, &why) == OK);
        pack_write(record, value, &again);
        must(text_equal(buf_as_text(&out), buf_as_text(&again)));
    }
    buf_clear(&out);
    bool json = json_write(record, packed, &out);
    must(json || err != OK || strcmp(record->name, "event_view") == 0);
    buf_clear(&out);
    must(csv_write(record, packed, &out) || err != OK);
    free(value);
    return 0;
}

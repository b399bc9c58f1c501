/* The CSV import: any text is refused by line, or gives rows that keep the rules. */
#include "base/must.h"
#include "schema/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_row(void *owner, void *value, struct faults *why)
{
    static struct faults second;
    (void)why;
    ++*(size_t *)owner;
    faults_clear(&second);
    must(record_check(target_promise_record(), value, &second) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    size_t rows = 0;
    faults_clear(&why);
    enum err err = csv_read(target_promise_record(), (struct text){(const char *)data, size}, 50,
        check_row, &rows, &why);
    must((err == OK) == (why.total == 0));
    must(err != OK || rows > 0);
    must(err == OK || why.kept[0].line > 0);
    return 0;
}

/* Notes, verifier keys and checkpoints: any bytes are refused by name, or come back the same when
 * they are written. The first byte chooses the reader. */
#include "base/must.h"
#include "proof/checkpoint.h"
#include "proof/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_checkpoint(struct text bytes, struct faults *why)
{
    struct checkpoint checkpoint;
    BUF_CLEANUP struct buf again = BUF(NOTE_MAX);
    if (checkpoint_read(bytes, &checkpoint, why) != OK) {
        must(why->total > 0);
        return;
    }
    checkpoint_write(&again, &checkpoint);
    must(text_equal(buf_as_text(&again), bytes));
}

static void read_key(struct text bytes, struct faults *why)
{
    struct note_key key;
    BUF_CLEANUP struct buf again = BUF(2 * NOTE_NAME_MAX);
    if (note_key_read(bytes, &key, why) != OK) {
        must(why->total > 0);
        return;
    }
    note_key_write(&again, &key);
    must(text_equal(buf_as_text(&again), bytes) && !key_public_complaint(&key.public));
}

/* Written from its parts a note is what it was; a key that nobody has cannot have signed it. */
static void read_note(struct text bytes, struct faults *why)
{
    static struct note note;
    static const struct key_public public = {
        .at = "Xfffffffffffffffffffffffffffffff"}; /* the base point */
    BUF_CLEANUP struct buf again = BUF(NOTE_MAX + 1);
    if (note_read(bytes, &note, why) != OK) {
        must(why->total > 0);
        return;
    }
    must(note.count > 0 && note.text.at[note.text.len - 1] == '\n');
    note_write(&again, note.text);
    for (uint32_t i = 0; i < note.count; i++)
        buf_printf(&again, "\xE2\x80\x94 %.*s %.*s\n", TEXT_ARG(note.at[i].name),
            TEXT_ARG(note.at[i].base64));
    must(text_equal(buf_as_text(&again), bytes));
    if (note_name_complaint(note.at[0].name))
        return;
    for (enum note_kind kind = NOTE_LOG; kind <= NOTE_WITNESS; kind += NOTE_WITNESS - NOTE_LOG) {
        struct note_key key = note_key_of(note.at[0].name, kind, &public);
        key.id = note.at[0].id;
        must(note_verify(&note, &key, NULL, why) == ERR_INVALID);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    if (size < 1)
        return 0;
    struct text bytes = {(const char *)data + 1, size - 1};
    faults_clear(&why);
    if (data[0] % 3 == 0)
        read_note(bytes, &why);
    else if (data[0] % 3 == 1)
        read_checkpoint(bytes, &why);
    else
        read_key(bytes, &why);
    return 0;
}

#include "proof/note.h"

#include "base/must.h"
#include "base/utf8.h"
#include "proof/base64.h"
#include "proof/digest.h"

#define DASH          TEXT_LITERAL("\xE2\x80\x94 ")
#define ID_SIZE       4
#define MOMENT_SIZE   8
#define SIGNATURE_MAX 8192 /* bytes: keys that nobody here knows may sign with thousands */
#define BYTES_MAX     (ID_SIZE + MOMENT_SIZE + KEY_SIGNATURE)

static bool is_space(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* What the format demands of any name; ours are also short. */
static const char *form_complaint(struct text name)
{
    if (name.len == 0)
        return "is empty";
    for (size_t i = 0; i < name.len;) {
        size_t width = utf8_width(name.at + i, name.len - i);
        if (width == 0)
            return "is not valid UTF-8";
        uint32_t code = utf8_code_point(name.at + i, width);
        if (is_space(code))
            return "holds a blank";
        if (code < 0x20 || code == 0x7F || code == '+')
            return code == '+' ? "holds a plus" : "holds a control character";
        i += width;
    }
    return NULL;
}

const char *note_name_complaint(struct text name)
{
    return name.len > NOTE_NAME_MAX ? "is longer than 200 bytes" : form_complaint(name);
}

static uint32_t read_id(const unsigned char at[ID_SIZE])
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void add_number(struct buf *out, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        buf_char(out, (char)(value >> 8 * bytes & 0xFF));
}

struct note_key note_key_of(struct text name, enum note_kind kind, const struct key_public *public)
{
    must(!note_name_complaint(name));
    struct note_key key = {.kind = kind, .public = *public};
    memcpy(key.name, name.at, name.len);
    char room[NOTE_NAME_MAX + 2 + KEY_PUBLIC];
    struct buf hashed = {.at = room, .room = sizeof room, .max = sizeof room};
    buf_text(&hashed, name);
    buf_char(&hashed, '\n');
    buf_char(&hashed, (char)kind);
    buf_add(&hashed, public->at, KEY_PUBLIC);
    must(!hashed.full);
    key.id = read_id(digest_of(buf_as_text(&hashed)).at);
    return key;
}

static enum err refuse_key(struct faults *why, const char *detail)
{
    return faults_add(why, ERR_INVALID, "", "the verifier key %s", detail);
}

enum err note_key_read(struct text text, struct note_key *ret_key, struct faults *why)
{
    struct text rest, encoded;
    struct text name = text_cut(text, '+', &rest);
    struct text hash = text_cut(rest, '+', &encoded);
    unsigned char bytes[1 + KEY_PUBLIC];
    size_t len;
    const char *complaint = note_name_complaint(name);
    if (complaint)
        return faults_add(why, ERR_INVALID, "", "the name of the verifier key %s", complaint);
    if (!encoded.at || !base64_read(BASE64_PADDED, encoded, bytes, sizeof bytes, &len) ||
        len != sizeof bytes)
        return refuse_key(why, "is not of the form name+hash+base64 of 33 bytes");
    if (bytes[0] != NOTE_LOG && bytes[0] != NOTE_WITNESS)
        return refuse_key(why, "is of a type that is not known here (1 and 4 are)");
    struct key_public public;
    memcpy(public.at, bytes + 1, KEY_PUBLIC);
    complaint = key_public_complaint(&public);
    if (complaint)
        return refuse_key(why, complaint);
    struct note_key key = note_key_of(name, (enum note_kind)bytes[0], &public);
    BUF_CLEANUP struct buf again = BUF(2 * NOTE_NAME_MAX);
    note_key_write(&again, &key);
    if (!text_equal(buf_as_text(&again), text))
        return faults_add(why, ERR_INVALID, "",
            "the hash in the verifier key is %.*s, but of this name and key it is %08x",
            hash.len > 20 ? 20 : (int)hash.len, hash.at, key.id);
    *ret_key = key;
    return OK;
}

void note_key_write(struct buf *out, const struct note_key *key)
{
    char bytes[1 + KEY_PUBLIC] = {(char)key->kind};
    memcpy(bytes + 1, key->public.at, KEY_PUBLIC);
    buf_printf(out, "%s+%08x+", key->name, key->id);
    base64_write(out, BASE64_PADDED, (struct text){bytes, sizeof bytes});
}

/* Where the empty line stands that ends the text: the last one. bytes.len when there is none. */
static size_t find_end(struct text bytes)
{
    for (size_t i = bytes.len; i-- > 1;)
        if (bytes.at[i] == '\n' && bytes.at[i - 1] == '\n')
            return i;
    return bytes.len;
}

static const char *character_complaint(struct text bytes)
{
    if (utf8_length(bytes) == SIZE_MAX)
        return "is not valid UTF-8";
    for (size_t i = 0; i < bytes.len; i++)
        if ((unsigned char)bytes.at[i] < 0x20 && bytes.at[i] != '\n')
            return "holds a control character";
    return NULL;
}

/* NULL with the signature, or what is wrong with its line. */
static const char *read_line(struct text line, struct note_signature *ret_signature)
{
    if (!text_starts(line, DASH))
        return "does not begin with a dash (U+2014) and a blank";
    line = (struct text){line.at + DASH.len, line.len - DASH.len};
    struct text base64, name = text_cut(line, ' ', &base64);
    const char *complaint = form_complaint(name);
    if (complaint)
        return "has a name that is none: empty, with a plus or an unusual blank";
    unsigned char bytes[SIGNATURE_MAX];
    size_t len;
    if (!base64.at || !base64_read(BASE64_PADDED, base64, bytes, sizeof bytes, &len))
        return "does not end with base64 in its only spelling";
    if (len <= ID_SIZE)
        return "has no signature behind the key's id";
    *ret_signature = (struct note_signature){name, read_id(bytes), base64};
    return NULL;
}

enum err note_read(struct text bytes, struct note *ret_note, struct faults *why)
{
    if (bytes.len > NOTE_MAX)
        return faults_add(why, ERR_TOO_LARGE, "", "the note is longer than %d bytes", NOTE_MAX);
    const char *complaint = character_complaint(bytes);
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the note %s", complaint);
    size_t end = find_end(bytes);
    if (end == bytes.len)
        return faults_add(
            why, ERR_BAD_INPUT, "", "the note has no empty line between text and signatures");
    struct text left = {bytes.at + end + 1, bytes.len - end - 1};
    if (left.len == 0 || left.at[left.len - 1] != '\n')
        return faults_add(why, ERR_BAD_INPUT, "",
            left.len ? "the last line of the note has no newline" : "the note has no signature");
    uint32_t count = 0;
    for (struct text line; left.len > 0; count++) {
        line = text_cut(left, '\n', &left);
        if (count == NOTE_SIGNATURES_MAX)
            return faults_add(why, ERR_TOO_LARGE, "", "the note has more than %d signatures",
                NOTE_SIGNATURES_MAX);
        complaint = read_line(line, &ret_note->at[count]);
        if (complaint)
            return faults_add(
                why, ERR_BAD_INPUT, "", "signature line %u of the note %s", count + 1, complaint);
    }
    ret_note->text = (struct text){bytes.at, end};
    ret_note->count = count;
    return OK;
}

/* What a key of this kind signs. */
static void covered(struct buf *out, enum note_kind kind, struct text text, uint64_t seconds)
{
    if (kind == NOTE_WITNESS)
        buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)seconds);
    buf_text(out, text);
}

static const char *signature_complaint(
    struct text text, struct text base64, const struct note_key *key, uint64_t *ret_seconds)
{
    unsigned char bytes[BYTES_MAX];
    size_t len, moment = key->kind == NOTE_WITNESS ? MOMENT_SIZE : 0;
    if (!base64_read(BASE64_PADDED, base64, bytes, sizeof bytes, &len) ||
        len != ID_SIZE + moment + KEY_SIGNATURE)
        return "is not as long as one of its kind";
    uint64_t seconds = 0;
    for (size_t i = 0; i < moment; i++)
        seconds = seconds << 8 | bytes[ID_SIZE + i];
    if (seconds > INT64_MAX)
        return "names a moment that is none";
    struct key_signature signature;
    memcpy(signature.at, bytes + ID_SIZE + moment, KEY_SIGNATURE);
    BUF_CLEANUP struct buf message = BUF(NOTE_MAX + 64);
    covered(&message, key->kind, text, seconds);
    must(!message.full);
    const char *complaint =
        key_signature_complaint(&key->public, buf_as_text(&message), &signature);
    if (!complaint)
        *ret_seconds = seconds;
    return complaint;
}

enum err note_verify(
    const struct note *note, const struct note_key *key, uint64_t *ret_seconds, struct faults *why)
{
    bool found = false;
    uint64_t latest = 0;
    for (uint32_t i = 0; i < note->count; i++) {
        const struct note_signature *signature = &note->at[i];
        uint64_t seconds;
        if (signature->id != key->id || !text_is(signature->name, key->name))
            continue;
        const char *complaint = signature_complaint(note->text, signature->base64, key, &seconds);
        if (complaint)
            return faults_add(
                why, ERR_INVALID, "", "the signature of %s on the note %s", key->name, complaint);
        found = true;
        latest = seconds > latest ? seconds : latest;
    }
    if (!found)
        return faults_add(
            why, ERR_NOT_FOUND, "", "the note has no signature of %s+%08x", key->name, key->id);
    if (ret_seconds)
        *ret_seconds = latest;
    return OK;
}

void note_write(struct buf *out, struct text text)
{
    must(text.len > 0 && text.at[text.len - 1] == '\n');
    buf_text(out, text);
    buf_char(out, '\n');
}

void note_sign(struct buf *out, struct text text, const struct note_key *key,
    const struct key_secret *secret, uint64_t seconds)
{
    struct key_public public = key_public_of(secret);
    must(memcmp(public.at, key->public.at, KEY_PUBLIC) == 0);
    must(text.len <= NOTE_MAX && seconds <= INT64_MAX &&
         (seconds == 0 || key->kind == NOTE_WITNESS));
    BUF_CLEANUP struct buf message = BUF(NOTE_MAX + 64), bytes = BUF(BYTES_MAX);
    covered(&message, key->kind, text, seconds);
    struct key_signature signature = key_sign(secret, buf_as_text(&message));
    add_number(&bytes, key->id, ID_SIZE);
    if (key->kind == NOTE_WITNESS)
        add_number(&bytes, seconds, MOMENT_SIZE);
    buf_add(&bytes, signature.at, KEY_SIGNATURE);
    must(!message.full && !bytes.full);
    buf_text(out, DASH);
    buf_str(out, key->name);
    buf_char(out, ' ');
    base64_write(out, BASE64_PADDED, buf_as_text(&bytes));
    buf_char(out, '\n');
}

/* Compact JWS: any text is refused by name, or its parts are the only spelling of what was read. */
#include "base/must.h"
#include "proof/base64.h"
#include "proof/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct faults why;
    static struct jws jws;
    static const struct key_public nobody = {
        .at = "Xfffffffffffffffffffffffffffffff"}; /* the base point */
    struct text compact = {(const char *)data, size};
    faults_clear(&why);
    enum err err = jws_read(compact, &jws, &why);
    must((err == OK) == (why.total == 0));
    if (err != OK)
        return 0;
    struct text header = {compact.at, text_find(compact, '.')};
    BUF_CLEANUP struct buf again = BUF(JWS_MAX + 1);
    buf_text(&again, header);
    buf_char(&again, '.');
    base64_write(&again, BASE64_URL, jws_payload(&jws));
    must(text_equal(buf_as_text(&again), jws.covered));
    buf_char(&again, '.');
    base64_write(&again, BASE64_URL, (struct text){(const char *)jws.signature.at, KEY_SIGNATURE});
    must(text_equal(buf_as_text(&again), compact));
    must(strlen(jws.kid) == KEY_TEXT_SIZE - 1 && jws.payload_len > 0);
    must(jws_verify(&jws, &nobody, &why) != OK);
    return 0;
}

/* Media types: the reader's wish decides, by quality and closeness; what is not offered is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media.h"

#define THING (MEDIA_BIT(MEDIA_JSON) | MEDIA_BIT(MEDIA_MSGPACK))
#define LIST  (THING | MEDIA_BIT(MEDIA_CSV) | MEDIA_BIT(MEDIA_NDJSON))

static void accept_chooses(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        uint32_t offered;
        enum media chosen;
    } cases[] = {
        {NULL, THING, MEDIA_JSON},
        {"", THING, MEDIA_JSON},
        {"*/*", LIST, MEDIA_JSON},
        {"application/*", THING, MEDIA_JSON},
        {"text/*", LIST, MEDIA_CSV},
        {"application/vnd.msgpack", THING, MEDIA_MSGPACK},
        {"Application/JSON", THING, MEDIA_JSON},
        {"text/csv", LIST, MEDIA_CSV},
        {"text/csv", THING, MEDIA_NONE},
        {"text/html", LIST, MEDIA_NONE},
        {"text/html,*/*;q=0.1", THING, MEDIA_JSON},
        {"application/json;q=0.5, application/vnd.msgpack", THING, MEDIA_MSGPACK},
        {"application/json;q=0.5, application/vnd.msgpack;q=0.4", THING, MEDIA_JSON},
        {"application/json;q=0, */*", THING, MEDIA_MSGPACK},
        {"*/*;q=0", THING, MEDIA_NONE},
        {"application/x-ndjson ; q=1.000 , text/csv;q=0.999", LIST, MEDIA_NDJSON},
        {"application/json;charset=utf-8", THING, MEDIA_JSON},
        {"application/json;q=2", THING, MEDIA_NONE},
        {"application/json;q=0.1234", THING, MEDIA_NONE},
        {"application/json;q=", THING, MEDIA_NONE},
        {"json", THING, MEDIA_NONE},
        {"*/json", THING, MEDIA_NONE},
        {",,application/json,", THING, MEDIA_JSON},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (media_accept(text_of(cases[i].accept), cases[i].offered) != cases[i].chosen)
            fail_msg("Accept: %s", cases[i].accept ? cases[i].accept : "(none)");
}

static void content_types_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        enum media media;
    } cases[] = {
        {"application/json", MEDIA_JSON},
        {"application/json; charset=UTF-8", MEDIA_JSON},
        {"application/json;charset=\"utf-8\"", MEDIA_JSON},
        {"application/json; charset=latin1", MEDIA_NONE},
        {"application/vnd.msgpack", MEDIA_MSGPACK},
        {"text/csv; header=present", MEDIA_CSV},
        {"text/plain", MEDIA_NONE},
        {"application/*", MEDIA_NONE},
        {"*/*", MEDIA_NONE},
        {"", MEDIA_NONE},
        {NULL, MEDIA_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (media_of_content(text_of(cases[i].type)) != cases[i].media)
            fail_msg("Content-Type: %s", cases[i].type ? cases[i].type : "(none)");
}

static void formats_name_every_type(void **state)
{
    (void)state;
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++) {
        assert_int_equal(media_of_format(text_of(media_format(m))), m);
        assert_int_equal(media_of_content(text_of(media_type(m))), m);
    }
    assert_int_equal(media_of_format(TEXT_LITERAL("")), MEDIA_NONE);
    assert_int_equal(media_of_format(TEXT_LITERAL("xml")), MEDIA_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_chooses),
        cmocka_unit_test(content_types_are_known),
        cmocka_unit_test(formats_name_every_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Letters and digits that nobody takes for each other (Crockford's base 32). */
#include "codes.h"

#include "proof/sealing.h"

#include <sodium.h>
#include <stdio.h>

#define LETTERS 12 /* in a half */

const char *codes_half(const unsigned char *secret, struct text person, uint64_t number,
    enum codes_half half, char out[CODES_HALF_SIZE])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char seal[SEALING_SIZE];
    char digits[24];
    size_t len = 0;
    (void)snprintf(digits, sizeof digits, "%lu", number);
    sealing_of(
        secret, half == CODES_FIRST ? "code first" : "code second", person, text_of(digits), seal);
    for (size_t i = 0; i < LETTERS; i++) {
        if (i > 0 && i % 4 == 0)
            out[len++] = '-';
        out[len++] = alphabet[seal[i] & 31];
    }
    out[len] = '\0';
    return out;
}

/* As it was printed: what a hurried hand writes for 0 and 1 is taken as those. */
static char plain(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return '0';
    return c == 'I' || c == 'L' ? '1' : c;
}

bool codes_right(const unsigned char *secret, struct text person, uint64_t number, struct text code)
{
    char halves[2][CODES_HALF_SIZE], wanted[2 * LETTERS], given[2 * LETTERS] = {0};
    size_t count = 0, letters = 0;
    (void)codes_half(secret, person, number, CODES_FIRST, halves[0]);
    (void)codes_half(secret, person, number, CODES_SECOND, halves[1]);
    for (size_t half = 0; half < 2; half++)
        for (const char *at = halves[half]; *at; at++)
            if (*at != '-')
                wanted[letters++] = *at;
    for (size_t i = 0; i < code.len; i++) {
        if (code.at[i] == '-' || code.at[i] == ' ')
            continue;
        if (count == sizeof given)
            return false;
        given[count++] = plain(code.at[i]);
    }
    return count == sizeof given && sodium_memcmp(given, wanted, sizeof wanted) == 0;
}

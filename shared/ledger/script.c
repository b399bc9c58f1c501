/* The assembler reads append.lua (found by -Ishared), so that the Functions stay a file that
 * redis-cli and the benchmark load unchanged. The compiler does not see this dependency: the
 * Makefile names it. */
#include "ledger/script.h"

__asm__(".pushsection .rodata\n"
        "script_start:\n"
        ".incbin \"ledger/append.lua\"\n"
        "script_end:\n"
        ".popsection\n");

extern const char script_start[] __attribute__((visibility("hidden")));
extern const char script_end[] __attribute__((visibility("hidden")));

struct text script_code(void)
{
    return (struct text){script_start, (uintptr_t)script_end - (uintptr_t)script_start};
}

/* The reviews service: the committee's rulings and the PM Office's feedback. All in table.c. */
#include "table.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, table_service());
}

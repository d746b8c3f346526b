/* The header is C. */
#include "pantomatrix/c_api.h"

int size_of_a_c_error(void) { return (int)sizeof(pm_error); }

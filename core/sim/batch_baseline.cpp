#define COLDFRAME_BATCH kBaselineBatch
#define COLDFRAME_BATCH_NAME "baseline"
#include "sim/batch_loops.inc"

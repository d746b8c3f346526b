#include "Modules/ModuleManager.h"
#include "PantoMatrixLog.h"

DEFINE_LOG_CATEGORY(LogPantoMatrix);
IMPLEMENT_MODULE(FDefaultModuleImpl, PantoMatrix)

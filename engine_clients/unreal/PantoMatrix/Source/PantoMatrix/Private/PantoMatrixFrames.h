#pragma once

#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"

#include "pantomatrix/c_api.h"

/** What a header says of the floats that follow. */
TSharedRef<const FPantoMatrixLayout, ESPMode::ThreadSafe> MakePantoMatrixLayout(const pm_header* Header);

/** Frame: as the pose's layout has it. Alpha stays. */
void ReadPantoMatrixFrame(const float* Frame, FPantoMatrixPose& Pose);

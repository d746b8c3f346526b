#pragma once

#include "CoreMinimal.h"
#include "PantoMatrixTypes.h"
#include "Templates/SharedPointer.h"

#include "pantomatrix/c_api.h"

FPantoMatrixError PantoMatrixError(const pm_error& Error);

/** One server, reached through the engine's own WebSockets. Belongs to the game thread. */
class FPantoMatrixConnection
{
public:
	FPantoMatrixConnection(const FString& InUrl, const FString& InToken);
	~FPantoMatrixConnection();
	FPantoMatrixConnection(const FPantoMatrixConnection&) = delete;
	FPantoMatrixConnection& operator=(const FPantoMatrixConnection&) = delete;

	pm_client* GetClient() const { return Client; }
	const FString& GetUrl() const { return Url; }
	const FString& GetToken() const { return Token; }

	/** Opens, sends and closes what was asked for. Each tick. */
	void Pump();

private:
	static void* Open(void* Self, const char* Path, pm_socket* Socket);

	FString Url;
	FString Token;
	pm_client* Client = nullptr;
};

#include "PantoMatrixConnection.h"

#include "IWebSocket.h"
#include "Modules/ModuleManager.h"
#include "WebSocketsModule.h"

namespace
{
	/** One WebSocket of the engine's, told to the library. */
	class FEngineSocket
	{
	public:
		FEngineSocket(const TSharedRef<IWebSocket>& InSocket, pm_socket* InListener)
			: Socket(InSocket)
			, Listener(InListener)
		{
			Socket->OnConnected().AddRaw(this, &FEngineSocket::OnConnected);
			Socket->OnConnectionError().AddRaw(this, &FEngineSocket::OnConnectionError);
			Socket->OnClosed().AddRaw(this, &FEngineSocket::OnClosed);
			Socket->OnMessage().AddRaw(this, &FEngineSocket::OnMessage);
			Socket->OnBinaryMessage().AddRaw(this, &FEngineSocket::OnBinaryMessage);
			Socket->Connect();
		}

		~FEngineSocket()
		{
			Socket->OnConnected().RemoveAll(this);
			Socket->OnConnectionError().RemoveAll(this);
			Socket->OnClosed().RemoveAll(this);
			Socket->OnMessage().RemoveAll(this);
			Socket->OnBinaryMessage().RemoveAll(this);
			Socket->Close();
		}

		static void Send(void* Self, const void* Data, size_t Bytes)
		{
			static_cast<FEngineSocket*>(Self)->Socket->Send(Data, Bytes, /*bIsBinary=*/ true);
		}

		static void Close(void* Self)
		{
			delete static_cast<FEngineSocket*>(Self);
		}

	private:
		void OnConnected() { pm_socket_opened(Listener); }
		void OnConnectionError(const FString& Error) { pm_socket_failed(Listener, TCHAR_TO_UTF8(*Error)); }
		void OnClosed(int32 StatusCode, const FString& Reason, bool /*bWasClean*/) { pm_socket_closed(Listener, StatusCode, TCHAR_TO_UTF8(*Reason)); }
		void OnMessage(const FString& Text) { pm_socket_text(Listener, TCHAR_TO_UTF8(*Text)); }
		void OnBinaryMessage(const void* Data, SIZE_T Size, bool bIsLastFragment) { pm_socket_binary(Listener, Data, Size, bIsLastFragment); }

		TSharedRef<IWebSocket> Socket;
		pm_socket* Listener;
	};
}

FPantoMatrixError PantoMatrixError(const pm_error& Error)
{
	FPantoMatrixError Result;
	if (Error.code != 0)
	{
		Result.Code = UTF8_TO_TCHAR(pm_error_name(Error.code));
		Result.Message = UTF8_TO_TCHAR(Error.message);
		Result.RequestId = UTF8_TO_TCHAR(Error.request_id);
		Result.Reason = UTF8_TO_TCHAR(Error.reason);
	}
	return Result;
}

FPantoMatrixConnection::FPantoMatrixConnection(const FString& InUrl, const FString& InToken)
	: Url(InUrl)
	, Token(InToken)
{
	pm_connection Connection{};
	Connection.transport = PM_SOCKETS;
	Connection.sockets = {this, &FPantoMatrixConnection::Open, &FEngineSocket::Send, &FEngineSocket::Close};
	Client = pm_connect(&Connection, nullptr);
}

FPantoMatrixConnection::~FPantoMatrixConnection()
{
	pm_disconnect(Client);
}

void FPantoMatrixConnection::Pump()
{
	pm_pump(Client);
}

void* FPantoMatrixConnection::Open(void* Self, const char* Path, pm_socket* Socket)
{
	const FPantoMatrixConnection& Connection = *static_cast<FPantoMatrixConnection*>(Self);
	TMap<FString, FString> Headers;
	if (!Connection.Token.IsEmpty())
	{
		Headers.Add(TEXT("Authorization"), TEXT("Bearer ") + Connection.Token);
	}
	FWebSocketsModule& Module = FModuleManager::LoadModuleChecked<FWebSocketsModule>(TEXT("WebSockets"));
	return new FEngineSocket(Module.CreateWebSocket(Connection.Url + UTF8_TO_TCHAR(Path), TEXT("pantomatrix.v1"), Headers), Socket);
}

using System.Net.Sockets;
using DrMesh.FakeMongoServer.Commands;
using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Wire;

/// <summary>One client's connection: a command after the other until it or the member goes.</summary>
internal sealed class ClientConnection(FakeMember member, TcpClient client)
{
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(client.Dispose);
        try
        {
            client.NoDelay = true;
            await using var stream = client.GetStream();
            while (await WireMessage.ReadAsync(stream, cancellationToken) is { } message)
            {
                var reply = await ExecuteAsync(message.Command, cancellationToken);
                if (message.ExpectsReply)
                {
                    await stream.WriteAsync(message.Reply(reply), cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client or the member went; there is nobody to tell.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<BsonDocument> ExecuteAsync(BsonDocument command, CancellationToken cancellationToken)
    {
        try
        {
            var pending = member.Set.Locked(() => CommandTable.Start(member, command));
            return await pending.CompleteAsync(member, cancellationToken);
        }
        catch (CommandFault fault)
        {
            return fault.ToReply();
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace DrMesh.FakeMongoServer.Wire;

/// <summary>One message of MongoDB's wire protocol: OP_MSG, or the legacy OP_QUERY with which drivers greet.</summary>
internal sealed record WireMessage(int RequestId, int OpCode, BsonDocument Command, bool ExpectsReply)
{
    public const int OpReply = 1;
    public const int OpQuery = 2004;
    public const int OpMsg = 2013;
    private const int HeaderLength = 16;
    private const int LargestMessage = 48_000_000;
    private const int MoreToCome = 2;
    private const int ChecksumPresent = 1;

    /// <summary>Reads the next message; null: the client closed the connection.</summary>
    public static async Task<WireMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken) < HeaderLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < HeaderLength or > LargestMessage)
        {
            throw new InvalidDataException($"a message of {length} bytes");
        }

        var body = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(body, cancellationToken);
        var requestId = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        var opCode = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        return opCode switch
        {
            OpMsg => ParseMsg(requestId, body),
            OpQuery => ParseQuery(requestId, body),
            _ => throw new InvalidDataException($"op code {opCode} is not spoken here"),
        };
    }

    /// <summary>The bytes of a reply in the form the request came in.</summary>
    public byte[] Reply(BsonDocument reply)
    {
        var document = reply.ToBson();
        var isMsg = OpCode == OpMsg;
        var prefix = isMsg ? 5 : 20;
        var bytes = new byte[HeaderLength + prefix + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), isMsg ? OpMsg : OpReply);
        if (!isMsg)
        {
            // OP_REPLY: flags AwaitCapable, cursor 0, from 0, one document.
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 8);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), 1);
        }

        document.CopyTo(bytes, HeaderLength + prefix);
        return bytes;
    }

    private static WireMessage ParseMsg(int requestId, byte[] body)
    {
        var flags = BinaryPrimitives.ReadInt32LittleEndian(body);
        var end = body.Length - ((flags & ChecksumPresent) != 0 ? 4 : 0);
        BsonDocument? command = null;
        var sequences = new List<(string Name, BsonArray Documents)>();
        for (var at = 4; at < end;)
        {
            var kind = body[at++];
            if (kind == 0)
            {
                command = ReadDocument(body, ref at);
                continue;
            }

            var sequenceEnd = at + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            at += 4;
            var documents = new BsonArray();
            var name = ReadName(body, ref at);
            while (at < sequenceEnd)
            {
                documents.Add(ReadDocument(body, ref at));
            }

            sequences.Add((name, documents));
        }

        foreach (var (name, documents) in sequences)
        {
            command![name] = documents;
        }

        return new WireMessage(requestId, OpMsg, command ?? throw new InvalidDataException("OP_MSG without a body"), (flags & MoreToCome) == 0);
    }

    private static WireMessage ParseQuery(int requestId, byte[] body)
    {
        var at = 4;
        var collection = ReadName(body, ref at);
        at += 8;
        var command = ReadDocument(body, ref at);
        command["$db"] = collection.Split('.', 2)[0];
        return new WireMessage(requestId, OpQuery, command, true);
    }

    private static BsonDocument ReadDocument(byte[] body, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
        using var buffer = new ByteBufferStream(new ByteArrayBuffer(body.AsSpan(at, length).ToArray(), isReadOnly: true), ownsBuffer: true);
        using var reader = new BsonBinaryReader(buffer);
        at += length;
        return BsonDocumentSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader));
    }

    private static string ReadName(byte[] body, ref int at)
    {
        var length = body.AsSpan(at).IndexOf((byte)0);
        var name = Encoding.UTF8.GetString(body, at, length);
        at += length + 1;
        return name;
    }
}

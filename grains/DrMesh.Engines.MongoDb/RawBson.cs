using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace DrMesh.Engines.MongoDb;

/// <summary>Documents as bytes; nothing is decoded that is not asked for.</summary>
internal static class RawBson
{
    /// <summary>A document over bytes that are not changed afterwards.</summary>
    public static RawBsonDocument Wrap(byte[] bytes) => new(new ByteArrayBuffer(bytes, isReadOnly: true));

    /// <summary>Copies a document's bytes.</summary>
    public static byte[] ToBytes(RawBsonDocument document)
    {
        var bytes = new byte[document.Slice.Length];
        document.Slice.GetBytes(0, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>Cuts concatenated documents apart.</summary>
    /// <exception cref="InvalidDataException">They are cut off or damaged.</exception>
    public static IEnumerable<byte[]> Split(ReadOnlyMemory<byte> documents)
    {
        while (!documents.IsEmpty)
        {
            var length = documents.Length >= 5 ? BinaryPrimitives.ReadInt32LittleEndian(documents.Span) : 0;
            if (length < 5 || length > documents.Length)
            {
                throw new InvalidDataException($"a document of {length} bytes where {documents.Length} are left");
            }

            yield return documents[..length].ToArray();
            documents = documents[length..];
        }
    }
}

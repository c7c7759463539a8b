using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace DrMesh.Engines.Files.Posix;

/// <summary>Names of users and groups, from wherever the system keeps them; each asked for once.</summary>
internal sealed class OwnerNames
{
    // In struct passwd and struct group the name is the first member; the number follows name and password.
    private const int IdOffset = 16;
    private const int EntrySize = 64;
    private const int BufferSize = 16384;
    private readonly ConcurrentDictionary<uint, string> _users = new();
    private readonly ConcurrentDictionary<uint, string> _groups = new();
    private readonly ConcurrentDictionary<string, uint?> _userIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, uint?> _groupIds = new(StringComparer.Ordinal);

    private delegate int Lookup<in T>(T key, Span<byte> entry, Span<byte> buffer, nint size, out nint result);

    /// <summary>A user's name; empty when the number has none.</summary>
    public string User(uint id) => _users.GetOrAdd(id, key => Name(Libc.UserById, key));

    /// <summary>A group's name; empty when the number has none.</summary>
    public string Group(uint id) => _groups.GetOrAdd(id, key => Name(Libc.GroupById, key));

    /// <summary>A user's number on this machine; null when there is none of that name.</summary>
    public uint? UserId(string name) => name.Length == 0 ? null : _userIds.GetOrAdd(name, key => Id(Libc.UserByName, key));

    /// <summary>A group's number on this machine; null when there is none of that name.</summary>
    public uint? GroupId(string name) => name.Length == 0 ? null : _groupIds.GetOrAdd(name, key => Id(Libc.GroupByName, key));

    private static string Name(Lookup<uint> lookup, uint id)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        Span<byte> buffer = stackalloc byte[BufferSize];
        return lookup(id, entry, buffer, buffer.Length, out var result) == 0 && result != 0
            ? Marshal.PtrToStringUTF8(MemoryMarshal.Read<nint>(entry)) ?? ""
            : "";
    }

    private static uint? Id(Lookup<string> lookup, string name)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        Span<byte> buffer = stackalloc byte[BufferSize];
        return lookup(name, entry, buffer, buffer.Length, out var result) == 0 && result != 0
            ? MemoryMarshal.Read<uint>(entry[IdOffset..])
            : null;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Posix;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>Gives restored paths their mode, owner and time. Only root can give a file away: for others the owner stays whoever restores.</summary>
internal sealed class RestoreAttributes(string? owner)
{
    private readonly ConcurrentDictionary<(string Owner, string Group), (uint User, uint Group)?> _ids = new();

    public void Apply(RestoreFile file)
    {
        ApplyOwner(file.Path, file.File);
        if (file.File.Kind == BackupFileKind.SymbolicLink)
        {
            return;
        }

        File.SetUnixFileMode(file.Path, file.File.Mode);
        File.SetLastWriteTimeUtc(file.Path, file.File.ModifiedAt.UtcDateTime);
    }

    /// <summary>Gives a directory that is no path of the backup itself (its top) to whoever owns <paramref name="like"/>.</summary>
    public void ApplyOwner(string directory, BackupFile like)
    {
        if (Environment.IsPrivilegedProcess && Find(owner ?? like.Owner, owner is null ? like.Group : "") is { } ids)
        {
            Libc.ChangeOwner(directory, ids.User, ids.Group);
        }
    }

    private (uint User, uint Group)? Find(string user, string group) => _ids.GetOrAdd((user, group), static names =>
    {
        // name:password:user id:group id:…, and name:password:group id:…
        if (Lookup("/etc/passwd", names.Owner) is not { } userFields)
        {
            return null;
        }

        var groupId = Lookup("/etc/group", names.Group) is { } groupFields ? groupFields[2] : userFields[3];
        return (uint.Parse(userFields[2], CultureInfo.InvariantCulture), uint.Parse(groupId, CultureInfo.InvariantCulture));
    });

    private static string[]? Lookup(string file, string name) => name.Length == 0
        ? null
        : File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == name && fields.Length > 3);
}

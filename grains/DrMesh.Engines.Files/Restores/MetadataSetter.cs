using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Scanning;
using DrMesh.Engines.Files.Snapshots;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Restores;

/// <summary>Gives restored paths the metadata they had. What cannot be set is told, one sentence a path; the rest is set. Safe for several workers at once.</summary>
internal sealed class MetadataSetter(TreeRoot root, Findings findings)
{
    private readonly OwnerNames _owners = new();

    /// <summary>Sets owner, attributes, mode and times, in the order in which none undoes another.</summary>
    public void Apply(BackupFile file, EntryNotes notes)
    {
        SafeFileHandle handle;
        try
        {
            handle = root.OpenName(file.Path);
        }
        catch (PosixException exception)
        {
            findings.Note(file.Path, $"was restored and cannot be reached: {exception.Message}");
            return;
        }

        using (handle)
        {
            SetOwner(handle, file, notes);
            SetAttributes(handle, file, notes);
            if (file.Kind != BackupFileKind.SymbolicLink)
            {
                SetMode(handle, file.Path, file.Mode);
            }

            ReadOnlySpan<Libc.TimeSpec> times = [new(0, Libc.OmitTime), new(notes.ModifiedAt.Seconds, notes.ModifiedAt.Nanoseconds)];
            if (FileStatus.Of(handle).ModifiedAt != notes.ModifiedAt && Libc.SetTimes(Libc.CurrentDirectory, TreeRoot.PathOf(handle), times, 0) != 0)
            {
                findings.Note(file.Path, $"did not get its modification time: {PosixException.Last().Message}");
            }
        }
    }

    /// <summary>Sets mode and owner of the tree's top.</summary>
    public void Apply(TopMetadata top)
    {
        using var handle = root.OpenName("");
        var status = FileStatus.Of(handle);
        ChangeOwner(handle, "", status, _owners.UserId(top.Owner) ?? status.User, _owners.GroupId(top.Group) ?? status.Group);
        SetMode(handle, "", top.Mode);
    }

    // By name, as names mean the same on another machine; by number where the name is unknown here.
    private void SetOwner(SafeFileHandle handle, BackupFile file, EntryNotes notes) =>
        ChangeOwner(handle, file.Path, FileStatus.Of(handle), _owners.UserId(file.Owner) ?? notes.User, _owners.GroupId(file.Group) ?? notes.Group);

    private void ChangeOwner(SafeFileHandle handle, string path, in FileStatus status, uint user, uint group)
    {
        if ((status.User != user || status.Group != group) && Libc.ChangeOwner(handle, "", user, group, Libc.EmptyPath) != 0)
        {
            findings.Note(path, $"did not get its owner {user}:{group}: {PosixException.Last().Message}");
        }
    }

    private void SetAttributes(SafeFileHandle handle, BackupFile file, EntryNotes notes)
    {
        try
        {
            var present = ExtendedAttributes.Read(handle);
            foreach (var (name, value) in notes.Attributes)
            {
                if (!present.Any(attribute => attribute.Name == name && attribute.Value.AsSpan().SequenceEqual(value)))
                {
                    Try(file.Path, $"did not get its attribute {name}", () => ExtendedAttributes.Set(handle, name, value));
                }
            }

            foreach (var (name, _) in present.Where(attribute => notes.Attributes.All(kept => kept.Name != attribute.Name)))
            {
                // Labels the system puts on every file of this machine are its own affair.
                if (name.StartsWith("user.", StringComparison.Ordinal) || name.StartsWith("system.posix_acl", StringComparison.Ordinal))
                {
                    Try(file.Path, $"keeps the attribute {name}", () => ExtendedAttributes.Remove(handle, name));
                }
            }
        }
        catch (PosixException exception)
        {
            findings.Note(file.Path, $"did not get its attributes: {exception.Message}");
        }
    }

    private void SetMode(SafeFileHandle handle, string path, UnixFileMode mode)
    {
        if (FileStatus.Of(handle).Mode != mode && Libc.ChangeMode(TreeRoot.PathOf(handle), (uint)mode) != 0)
        {
            findings.Note(path, $"did not get its mode: {PosixException.Last().Message}");
        }
    }

    private void Try(string path, string failure, Action set)
    {
        try
        {
            set();
        }
        catch (PosixException exception)
        {
            findings.Note(path, $"{failure}: {exception.Message}");
        }
    }
}

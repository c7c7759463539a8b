using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Files;
using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Scanning;
using DrMesh.Engines.Files.Snapshots;

namespace DrMesh.Engines.Files.Restores;

/// <summary>
/// One restore: check all paths, clear away what would make a write end up elsewhere, let the repository restore the contents, then links, then metadata (directories
/// last and deepest first, since a directory's mode may forbid what is still to be done in it).
/// </summary>
internal sealed class RestoreRun(IBackupReader backup, FileTreeRestoreRequest request, int parallelism)
{
    private readonly RestoreSelection _selection = new(backup.Summary.Id, request.Paths);
    private readonly LinkGroups _links = new();
    private readonly Findings _findings = new();

    public async Task<FileTreeRestoreReport> RunAsync(IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        if (request.Delta && Directory.Exists(request.TargetDirectory))
        {
            using var before = OpenTarget();
            await ClearWayAsync(before, cancellationToken);
        }

        var content = await backup.RestoreAsync(
            new RestoreRequest
            {
                TargetDirectory = request.TargetDirectory,
                Delta = request.Delta,
                Parallelism = parallelism,
                // Without a filter the repository also removes what the backup does not know. Further names of a file then come as copies first.
                Filter = _selection.IsWhole ? null : file => _selection.Needs(file) && !_links.IsLink(file.Path),
            },
            progress,
            cancellationToken);
        using var root = OpenTarget();
        foreach (var (link, original) in _links.Links)
        {
            Link(root, link, original);
        }

        await ApplyMetadataAsync(root, cancellationToken);
        return new FileTreeRestoreReport { Content = content, HardLinks = _links.Links.LongCount(), Warnings = _findings.Sentences() };
    }

    // Nothing is written before every path is known to be good.
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var mayHaveLinks = backup.Summary.Facts.GetValueOrDefault(FileTreeFacts.HardLinks) != "0";
        await foreach (var file in backup.FilesAsync(cancellationToken))
        {
            _selection.Check(file);
            if (mayHaveLinks && file.Kind == BackupFileKind.File && _selection.Selects(file.Path))
            {
                var notes = await EntryNotes.ReadAsync(backup, file, cancellationToken);
                if (notes.HardLinkTo.Length > 0)
                {
                    _links.Add(file.Path, notes.HardLinkTo);
                }
            }
        }

        _selection.CheckFound();
        _links.Settle(_selection.Selects);
    }

    // A delta restore writes into files that are there. One that is also known under another name (in the tree or outside) must not be written through this one,
    // and nothing may be written through a symbolic link that took a directory's place.
    private async Task ClearWayAsync(TreeRoot root, CancellationToken cancellationToken)
    {
        var groups = _links.ByContent();
        await foreach (var file in backup.FilesAsync(cancellationToken))
        {
            if (!_selection.Needs(file) || root.Find(file.Path) is not { } found)
            {
                continue;
            }

            var isSafe = file.Kind switch
            {
                BackupFileKind.Directory => found.Kind == EntryKind.Directory,
                BackupFileKind.File => found.Kind == EntryKind.Directory || (found.Kind == EntryKind.File && HasOnlyKnownNames(root, file.Path, found, groups)),
                _ => true,
            };
            if (!isSafe)
            {
                root.Unlink(file.Path);
            }
        }
    }

    private bool HasOnlyKnownNames(TreeRoot root, string path, FileStatus found, IReadOnlyDictionary<string, List<string>> groups)
    {
        if (found.Links == 1 || _links.IsLink(path))
        {
            return true;
        }

        var names = groups.GetValueOrDefault(path, []).Count(
            name => root.Find(name) is { } other && other.Inode == found.Inode && other.Device == found.Device);
        return found.Links == names + 1;
    }

    private void Link(TreeRoot root, string link, string original)
    {
        try
        {
            var target = root.Find(original);
            if (root.Find(link) is { } found)
            {
                if (target is { } same && same.Inode == found.Inode && same.Device == found.Device)
                {
                    return;
                }

                root.Unlink(link);
            }

            root.Link(original, link);
        }
        catch (PosixException exception)
        {
            _findings.Note(link, $"could not be linked to {original}: {exception.Message}");
        }
    }

    private async Task ApplyMetadataAsync(TreeRoot root, CancellationToken cancellationToken)
    {
        var setter = new MetadataSetter(root, _findings);
        var directories = new List<(BackupFile File, EntryNotes Notes)>();
        await Parallel.ForEachAsync(
            backup.FilesAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                if (!_selection.Needs(file) || _links.IsLink(file.Path) || file.Notes.IsEmpty)
                {
                    return;
                }

                var notes = await EntryNotes.ReadAsync(backup, file, token);
                if (file.Kind != BackupFileKind.Directory)
                {
                    setter.Apply(file, await ContentNotesAsync(notes, token));
                    return;
                }

                lock (directories)
                {
                    directories.Add((file, notes));
                }
            });
        foreach (var (file, notes) in directories.OrderByDescending(entry => entry.File.Path, StringComparer.Ordinal))
        {
            setter.Apply(file, notes);
        }

        if (_selection.IsWhole && TopMetadata.Parse(backup.Summary.Facts.GetValueOrDefault(FileTreeFacts.Top)) is { } top)
        {
            setter.Apply(top);
        }
    }

    // A further name that is restored without the first takes the metadata recorded there.
    private async ValueTask<EntryNotes> ContentNotesAsync(EntryNotes notes, CancellationToken cancellationToken)
    {
        if (notes.HardLinkTo.Length > 0 && await backup.FindFileAsync(notes.HardLinkTo, cancellationToken) is { } first)
        {
            return await EntryNotes.ReadAsync(backup, first, cancellationToken);
        }

        return notes;
    }

    private TreeRoot OpenTarget()
    {
        try
        {
            return TreeRoot.Open(request.TargetDirectory);
        }
        catch (PosixException exception)
        {
            throw FileTreeErrors.TargetUnusable(request.TargetDirectory, exception.Message);
        }
    }
}

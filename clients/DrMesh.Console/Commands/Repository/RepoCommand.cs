using System.CommandLine;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo …</c>: backups on a bare machine, with no silo and no control store.</summary>
internal static class RepoCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var keygen = RepoKeys.Keygen(runner);
        var repo = new Command("repo", "Look at, verify, restore and tend a backup repository, without the mesh") { keygen };
        Command[] onRepository =
        [
            RepoList.Create(runner), RepoShow.Create(runner), RepoVerify.Create(runner), RepoRestore.Create(runner), RepoExport.Create(runner), RepoFetchWal.Create(runner),
            RepoCopy.Create(runner), RepoGarbage.Create(runner), RepoKeys.Create(runner), RepoKeys.Rotate(runner),
        ];
        foreach (var command in onRepository)
        {
            command.Options.Add(RepositoryOptions.Repo);
            command.Options.Add(RepositoryOptions.KeyFile);
            command.Options.Add(RepositoryOptions.Key);
            repo.Add(command);
        }

        return repo;
    }
}

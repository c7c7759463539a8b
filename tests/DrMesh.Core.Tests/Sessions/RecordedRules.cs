using System.Runtime.CompilerServices;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Tests.Sessions;

/// <summary>A machine's table, checked and recorded beside its test, so that a change of behaviour is seen in review. <c>DRMESH_RECORD=1</c> writes it anew.</summary>
internal static class RecordedRules
{
    public static void ShouldBeSoundAndAsRecorded<TPlan>(SessionMachine<TPlan> machine, string file, [CallerFilePath] string test = "")
        where TPlan : class
    {
        MachineChecks.Problems(machine).ShouldBeEmpty();
        var path = Path.Combine(SourceOf(test), file);
        var now = MachineDump.Write(machine);
        if (Environment.GetEnvironmentVariable("DRMESH_RECORD") == "1")
        {
            File.WriteAllText(path, now);
        }

        now.ShouldBe(File.ReadAllText(path), $"the rules changed; if that is meant, record them with DRMESH_RECORD=1 ./drmesh test Core");
    }

    // Paths are mapped in deterministic builds: /_/ stands for the tree's root.
    private static string SourceOf(string test)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "DrMesh.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("DrMesh.sln is in no parent directory of the tests");
        }

        return Path.Combine(root.FullName, Path.GetDirectoryName(test)!.Replace("/_/", "", StringComparison.Ordinal));
    }
}

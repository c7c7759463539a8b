using System.Diagnostics;
using System.Globalization;
using System.Text;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Lab;

/// <summary>The lab's program as a person runs it, in a state folder of its own; what it leaves behind is looked for with this process's own eyes.</summary>
internal sealed class LabRun : IDisposable
{
    private readonly TestDirectory _directory;
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly StringBuilder _output = new();

    private LabRun(TestDirectory directory, Process process)
    {
        (_directory, _process) = (directory, process);
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>The state folder.</summary>
    public string StateFolder => _directory.Path;

    /// <summary>The folder of its world; null: there is none.</summary>
    public string? WorldFolder => WorldFolders().FirstOrDefault();

    /// <summary>What it told.</summary>
    public string Log => Read(_log);

    /// <summary>What it wrote to standard output.</summary>
    public string Output => Read(_output);

    /// <summary>Starts it.</summary>
    public static async Task<LabRun> StartAsync(params string[] arguments)
    {
        var run = await StartAsync(arguments, static command => command);
        run._process.StandardInput.Close();
        return run;
    }

    /// <summary>Starts it in a terminal of its own, at which <see cref="TypeAsync"/> types.</summary>
    public static Task<LabRun> StartInTerminalAsync(params string[] arguments) => StartAsync(arguments, TestTerminal.InTerminal);

    /// <summary>Types at its terminal.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> EndAsync(TimeSpan timeout)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(timeout);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until nothing is left of it: no process that works in its folder or names it, no file, none of the given shared memory segments.</summary>
    public Task NothingIsLeftAsync(IReadOnlyCollection<string> segments) => Eventually.HoldsAsync(
        () => Task.FromResult(Left(segments).Count == 0), TimeSpan.FromSeconds(40), () => string.Join('\n', Left(segments).Append(Log)), TestContext.Current.CancellationToken);

    /// <summary>The shared memory segments of its servers, by their ids.</summary>
    public IReadOnlyCollection<string> Segments() => WorldFolder is not { } folder
        ? []
        : [.. Directory.EnumerateFiles(folder, "postmaster.pid", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Select(SegmentOf).OfType<string>()];

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _directory.Dispose();
    }

    private static async Task<LabRun> StartAsync(string[] arguments, Func<ToolCommand, ToolCommand> where)
    {
        var directory = await TestDirectory.CreateAsync();
        return new LabRun(directory, ToolProcess.Start(where(new ToolCommand
        {
            Program = LabPrograms.Lab, Arguments = arguments, Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = directory.Path },
        })));
    }

    private List<string> Left(IReadOnlyCollection<string> segments) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(IsOurs).Select(path => $"process {path}: {TextOf(Path.Combine(path, "cmdline")).Replace('\0', ' ')}"),
        .. WorldFolders(),
        .. File.ReadLines("/proc/sysvipc/shm").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).Where(segments.Contains).Select(id => $"segment {id}"),
    ];

    private IEnumerable<string> WorldFolders() =>
        Directory.Exists(Path.Combine(StateFolder, "lab")) ? Directory.EnumerateDirectories(Path.Combine(StateFolder, "lab")) : [];

    private bool IsOurs(string process)
    {
        if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId)
        {
            return false;
        }

        try
        {
            return File.ResolveLinkTarget($"{process}/cwd", false)?.FullName.StartsWith(StateFolder, StringComparison.Ordinal) == true
                || TextOf($"{process}/cmdline").Contains(StateFolder, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? SegmentOf(string pidFile) =>
        TextOf(pidFile).Split('\n').ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var id] ? id : null;

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>
/// A real S3 service on loopback: Ceph's gateway with one monitor and one in-memory store, as user <c>ceph</c>, whom its packages make. Starting takes many seconds, so a test run starts one and gives
/// each test a bucket of its own.
/// </summary>
public sealed class RadosGateway : IAsyncDisposable
{
    public const string Region = "us-east-1";
    private const string User = "ceph";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TestDirectory _directory;
    private readonly List<Process> _daemons = [];
    private readonly int _monitorPort = LoopbackPort.Next();

    private RadosGateway(TestDirectory directory) => _directory = directory;

    /// <summary>The gateway's loopback port.</summary>
    public int Port { get; } = LoopbackPort.Next();

    /// <summary>The service's URL.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    public string AccessKey => "drmesh-test";

    public string SecretKey => "drmesh-test-secret";

    private string Configuration => Path.Combine(_directory.Path, "ceph.conf");

    private string Keyring => Path.Combine(_directory.Path, "keyring");

    /// <summary>Starts one.</summary>
    public static async Task<RadosGateway> StartNewAsync()
    {
        var gateway = new RadosGateway(await TestDirectory.CreateAsync(User));
        try
        {
            await gateway.StartAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            daemon.Kill(entireProcessTree: true);
            await daemon.WaitForExitAsync();
            daemon.Dispose();
        }

        _directory.Dispose();
    }

    private async Task StartAsync()
    {
        var cluster = Guid.NewGuid().ToString();
        await File.WriteAllTextAsync(Configuration, Text(cluster) + "\n");
        foreach (var folder in new[] { "mon", "osd" })
        {
            await RunAsync("mkdir", [Path.Combine(_directory.Path, folder)]);
        }

        await MakeKeyringAsync();
        var map = Path.Combine(_directory.Path, "monmap");
        await RunAsync("monmaptool", ["--create", "--fsid", cluster, "--addv", "a", $"[v2:127.0.0.1:{_monitorPort}]", map]);
        await RunAsync("ceph-mon", ["-c", Configuration, "--mkfs", "-i", "a", "--monmap", map, "--keyring", Keyring, "--mon-data", Path.Combine(_directory.Path, "mon")]);
        Daemon("ceph-mon", ["-i", "a", "--mon-data", Path.Combine(_directory.Path, "mon")]);
        var store = Guid.NewGuid().ToString();
        await CephAsync(["osd", "new", store], Patience);
        await RunAsync("ceph-osd", ["-c", Configuration, "-i", "0", "--mkfs", "--osd-uuid", store, "--osd-data", Path.Combine(_directory.Path, "osd"), "--keyring", Keyring]);
        Daemon("ceph-osd", ["-i", "0", "--osd-data", Path.Combine(_directory.Path, "osd"), "--keyring", Keyring]);
        Daemon("radosgw", ["-n", "client.rgw.a", "--keyring", Keyring]);
        await CreateUserAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri(Endpoint));
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            Patience,
            () => $"the gateway at {Endpoint} does not answer; daemons ended: {_daemons.Count(daemon => daemon.HasExited)}");
    }

    private async Task MakeKeyringAsync()
    {
        await RunAsync("ceph-authtool", ["--create-keyring", Keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"]);
        await RunAsync(
            "ceph-authtool",
            [Keyring, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]);
        await RunAsync("ceph-authtool", [Keyring, "--gen-key", "-n", "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *"]);
        await RunAsync("ceph-authtool", [Keyring, "--gen-key", "-n", "client.rgw.a", "--cap", "mon", "allow rw", "--cap", "osd", "allow rwx"]);
    }

    private async Task CreateUserAsync()
    {
        var result = await RunAsync(
            "radosgw-admin",
            [
                "-c", Configuration, "-n", "client.rgw.a", "--keyring", Keyring, "user", "create", "--uid=drmesh", "--display-name=DrMesh",
                $"--access-key={AccessKey}", $"--secret-key={SecretKey}",
            ]);
        using var user = JsonDocument.Parse(result.Output[result.Output.IndexOf('{', StringComparison.Ordinal)..]);
        if (user.RootElement.GetProperty("user_id").GetString() != "drmesh")
        {
            throw new InvalidOperationException($"radosgw-admin made another user: {result.Output}");
        }
    }

    private Task<ToolResult> CephAsync(string[] arguments, TimeSpan patience)
    {
        var seconds = ((int)patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return RunAsync("ceph", ["-c", Configuration, "-n", "client.admin", "--keyring", Keyring, "--connect-timeout", seconds, .. arguments]);
    }

    private void Daemon(string program, string[] arguments)
    {
        var process = ToolProcess.Start(Command(program, ["-f", "-c", Configuration, .. arguments]));

        // Nobody reads what the daemon says; a full pipe would stop it.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private static async Task<ToolResult> RunAsync(string program, string[] arguments)
    {
        var result = await ToolProcess.RunAsync(Command(program, arguments));
        return result.EnsureSuccess($"{program} {string.Join(' ', arguments)}: {result.Error}");
    }

    private static ToolCommand Command(string program, string[] arguments) =>
        new() { Program = program, Arguments = arguments, RunAs = User, WorkingDirectory = "/" };

    private string Text(string cluster) =>
        $"""
        [global]
        fsid = {cluster}
        mon_host = v2:127.0.0.1:{_monitorPort}/0
        mon_initial_members = a
        public_addr = 127.0.0.1
        cluster_addr = 127.0.0.1
        ms_bind_msgr1 = false
        auth_cluster_required = cephx
        auth_service_required = cephx
        auth_client_required = cephx
        auth_allow_insecure_global_id_reclaim = false
        keyring = {Keyring}
        run_dir = {_directory.Path}
        admin_socket = {_directory.Path}/$name.asok
        log_file = {_directory.Path}/$name.log
        crash_dir = {_directory.Path}
        osd_pool_default_size = 1
        osd_pool_default_min_size = 1
        mon_allow_pool_size_one = true
        osd_crush_chooseleaf_type = 0
        osd_pool_default_pg_num = 4
        osd_pool_default_pgp_num = 4
        osd_pool_default_pg_autoscale_mode = off
        mon_max_pg_per_osd = 1000
        osd_objectstore = memstore
        memstore_device_bytes = 4294967296
        osd_memory_target = 939524096
        osd_class_load_list = *
        osd_class_default_list = *
        [mon.a]
        mon_data = {_directory.Path}/mon
        [osd.0]
        osd_data = {_directory.Path}/osd
        [client.rgw.a]
        rgw_frontends = beast endpoint=127.0.0.1:{Port}
        rgw_data = {_directory.Path}/rgw
        rgw_enable_usage_log = false
        """;
}

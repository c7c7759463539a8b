using System.Text.RegularExpressions;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Console;

/// <summary>The rights that infra/docs/control-store.md gives to silos are enough, and are those of every table.</summary>
[Collection(nameof(CommandMesh))]
public sealed class LeastRightsTests(CommandMesh mesh)
{
    private const string Role = "mesh";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_UnderTheRoleOfTheGuide_DoesItsWorkAndCannotTouchTheTrail()
    {
        await mesh.AsSuperuserAsync($"create role {Role} login password '{Role}'; {RightsOfTheGuide()}");
        await File.AppendAllTextAsync(Path.Combine(mesh.Mesh.StateFolder, "store.pgpass"), $"127.0.0.1:*:*:{Role}:{Role}\n", Cancellation);
        var silo = mesh.Mesh.Silo("a");
        var config = await File.ReadAllTextAsync(silo.Config, Cancellation);
        await File.WriteAllTextAsync(silo.Config, config.Replace("Username=drmesh", $"Username={Role}", StringComparison.Ordinal), Cancellation);
        await silo.StopAsync();
        await mesh.Mesh.UpAsync();

        var gateway = $"127.0.0.1:{silo.GatewayPort}";
        var file = await mesh.WriteAsync("rights.yaml", CommandMesh.Estate.Replace("127.0.0.1", $"127.0.1.{Random.Shared.Next(1, 250)}", StringComparison.Ordinal));
        (await OnAsync(gateway, "estate", "apply", file, "--yes")).ShouldContain("applied as version");
        (await OnAsync(gateway, "estate", "show")).ShouldContain("node-1");
        (await OnAsync(gateway, "audit", "list")).ShouldContain("estate.apply");
        (await OnAsync(gateway, "audit", "verify")).ShouldContain("each as it was written");
        (await OnAsync(gateway, "sessions", "list")).ShouldBe("no session\n");
        (await OnAsync(gateway, "status")).ShouldContain("a/node-1");
        (await mesh.AsSuperuserAsync($"select count(*) from pg_stat_activity where usename = '{Role}'")).ShouldBeOfType<long>().ShouldBeGreaterThan(0, "the silo works under the role");
        silo.LogTail(200).ShouldNotContain("permission denied");

        (await RefusalAsync("update drmesh.audit set actor = 'x'")).ShouldContain("permission denied");
        (await RefusalAsync("delete from drmesh.estate_version")).ShouldContain("permission denied");
        (await RefusalAsync("create table public.mine (i int)")).ShouldContain("permission denied");
        // A table that a later migration adds belongs into the guide, too.
        (await mesh.AsSuperuserAsync(
            $"""
            select string_agg(schemaname || '.' || relname, ', ' order by relname) from pg_stat_user_tables
            where not has_table_privilege('{Role}', relid, 'select') and relname not like 'kept%'
            """)).ShouldBe(DBNull.Value);
    }

    private async Task<string> OnAsync(string gateway, params string[] arguments)
    {
        var command = mesh.Mesh.Command(Programs.Console, [.. arguments, "--gateways", gateway]);
        var environment = new Dictionary<string, string?>(command.Environment) { ["DRMESH_TOKEN_FILE"] = mesh.Mesh.TokenFile(Contracts.Access.AccessRole.Admin) };
        var result = await Engines.Processes.ToolProcess.RunAsync(command with { Environment = environment }, Cancellation);
        result.ExitCode.ShouldBe(ExitCodes.Done, result.Error);
        return result.Output;
    }

    private async Task<string> RefusalAsync(string sql) =>
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => mesh.AsSuperuserAsync($"set role {Role}; {sql}"))).MessageText;

    private static string RightsOfTheGuide()
    {
        var guide = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "control-store.md"));
        var sql = Regex.Match(guide, "```sql\n(grant .*?)```", RegexOptions.Singleline).Groups[1].Value;
        sql.ShouldContain($"to {Role};");
        return sql;
    }
}

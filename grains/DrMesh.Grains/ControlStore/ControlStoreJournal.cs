using System.Data;
using DbUp.Engine;
using DbUp.Engine.Transactions;

namespace DrMesh.Grains.ControlStore;

/// <summary>Which migrations were applied, by whom and when: the table <c>drmesh.schema_version</c>, written in each migration's own transaction.</summary>
internal sealed class ControlStoreJournal(Func<IConnectionManager> connections) : IJournal
{
    private const string CreateTable =
        """
        create schema if not exists drmesh;
        create table if not exists drmesh.schema_version (
          version integer primary key check (version > 0),
          script text not null,
          applied_by text not null default session_user,
          applied_at timestamptz not null default clock_timestamp())
        """;

    public string[] GetExecutedScripts() => connections().ExecuteCommandsWithManagedConnection(commands =>
    {
        EnsureTableExistsAndIsLatestVersion(commands);
        using var command = commands();
        command.CommandText = "select script from drmesh.schema_version order by version";
        using var reader = command.ExecuteReader();
        List<string> scripts = [];
        while (reader.Read())
        {
            scripts.Add(reader.GetString(0));
        }

        return scripts.ToArray();
    });

    public void StoreExecutedScript(SqlScript script, Func<IDbCommand> dbCommandFactory)
    {
        using var command = dbCommandFactory();
        command.CommandText = "insert into drmesh.schema_version (version, script) values (@version, @script)";
        Add(command, "version", ControlStoreMigrations.VersionOf(script.Name));
        Add(command, "script", script.Name);
        command.ExecuteNonQuery();
    }

    public void EnsureTableExistsAndIsLatestVersion(Func<IDbCommand> dbCommandFactory)
    {
        using var command = dbCommandFactory();
        command.CommandText = CreateTable;
        command.ExecuteNonQuery();
    }

    private static void Add(IDbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}

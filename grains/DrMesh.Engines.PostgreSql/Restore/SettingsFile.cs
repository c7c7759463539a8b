namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>Edits <c>postgresql.auto.conf</c>, which overrides <c>postgresql.conf</c>: the lines of the given names are replaced, all others kept.</summary>
internal static class SettingsFile
{
    /// <summary>The file's name in the data directory.</summary>
    public const string Name = "postgresql.auto.conf";

    /// <summary>Replaces settings, removes those whose value is null; repeating it changes nothing.</summary>
    public static async Task ReplaceAsync(string dataDirectory, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataDirectory, Name);
        var kept = File.Exists(path)
            ? (await File.ReadAllLinesAsync(path, cancellationToken)).Where(line => !settings.ContainsKey(line.Split('=', ' ')[0].Trim())).ToList()
            : [];
        kept.AddRange(from setting in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)
                      where setting.Value is not null
                      select $"{setting.Key} = '{Escape(setting.Value)}'");
        await File.WriteAllLinesAsync(path, kept, cancellationToken);
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
}

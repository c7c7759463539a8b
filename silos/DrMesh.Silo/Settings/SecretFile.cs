namespace DrMesh.Silo.Settings;

/// <summary>Files that hold secrets.</summary>
internal static class SecretFile
{
    /// <summary>Reads the trimmed content of the file that <paramref name="path"/> names; null after a fault.</summary>
    public static string? Read(SettingsReader reader, string path)
    {
        var file = reader.Text(path, "the path of a file only this user can read");
        return file.Length == 0 ? null : ReadFile(reader, path, file);
    }

    /// <summary>Reads the trimmed content of <paramref name="file"/>; null after a fault, which is told of <paramref name="path"/>.</summary>
    public static string? ReadFile(SettingsReader reader, string path, string file)
    {
        try
        {
            if ((File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                reader.Fault(path, $"names {file}, which every user of the machine can read or write; expected mode 0600 or 0640");
                return null;
            }

            var text = File.ReadAllText(file).Trim();
            if (text.Length > 0)
            {
                return text;
            }

            reader.Fault(path, $"names {file}, which is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            reader.Fault(path, $"names {file}, which cannot be read: {unreadable.Message}");
        }

        return null;
    }
}

using DrMesh.Contracts.Errors;
using DrMesh.Core.Estate;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Console.Commands.Estate;

/// <summary>An estate file as a command names it.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Text">Its text; null when it is too large or no text, and <paramref name="Reading"/> says so.</param>
/// <param name="Reading">What reading it gave.</param>
internal sealed record EstateFile(string Name, string? Text, EstateReading Reading)
{
    /// <summary>Reads a file; <c>-</c> is the standard input.</summary>
    public static async Task<EstateFile> ReadAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            var typed = await input.ReadToEndAsync(cancellationToken);
            return new EstateFile("(input)", typed, EstateReader.Read(typed));
        }

        if (Directory.Exists(path))
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"{path} is a directory", "name the estate file in it");
        }

        if (!File.Exists(path))
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"there is no file {path}", "name an existing estate file; infra/examples has one for each shape of estate");
        }

        if (new FileInfo(path).Length is var length and > EstateLimits.MaxBytes)
        {
            return new EstateFile(path, null, EstateReader.TooLarge(length));
        }

        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var reading = EstateReader.Read(bytes);
        return new EstateFile(path, System.Text.Encoding.UTF8.GetString(bytes), reading);
    }
}
